import { and, eq, isNull } from "drizzle-orm";
import type { Context } from "@/core/context";
import { conflict } from "@/core/errors";
import { alertIncidents } from "@/db/schema";
import type { IncidentDetail } from "../schemas";
import { getIncident } from "./get-incident";

/**
 * Somebody takes care: no reminders, and no word at its end to people. Of what became a part of another incident, that one is taken.
 * @throws Fault not_found, or conflict when it is over or taken
 */
export async function acknowledgeIncident(context: Context, id: number, note: string): Promise<IncidentDetail> {
  const changed = await context.db
    .update(alertIncidents)
    .set({ acknowledgedAt: context.clock.now(), acknowledgeNote: note.trim() === "" ? null : note })
    .where(and(eq(alertIncidents.id, id), isNull(alertIncidents.resolvedAt), isNull(alertIncidents.acknowledgedAt)))
    .returning();
  const incident = await getIncident(context, id);
  if (incident.id !== id) return acknowledgeIncident(context, incident.id, note);
  if (changed.length === 0) throw conflict(`incident ${id} is ${incident.state} already`);
  return incident;
}
