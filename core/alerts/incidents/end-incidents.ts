import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { dropReminders, queueEnd } from "../delivery/queue-notification";
import { ALERT_OF_INCIDENT } from "./alert-of";

const endedRow = z.object({ id: z.coerce.number(), tell: z.boolean(), known: z.boolean() });

/**
 * Ends those of the open incidents that are over. People are told of the end of one when its opening was told, nobody acknowledged it, and
 * the configuration wants it; what keeps incidents itself always when it was told of it.
 * @param over SQL that chooses of `incident`
 * @param isTold false: people are not told
 * @returns ids of deliveries to be sent after commit
 */
export async function endIncidents(transaction: Executor, over: SQL, now: Date, isTold = true): Promise<string[]> {
  const ended = await transaction.execute(sql`
    update logs.alert_incidents as incident set resolved_at = ${now}::timestamptz
    where resolved_at is null and ${over}
    returning id,
      ${isTold}::boolean and notified_at is not null and acknowledged_at is null and exists (
        select from ${ALERT_OF_INCIDENT} as alert where alert.notify_resolved) as tell,
      exists (
        select from logs.alert_deliveries as delivery
        where delivery.incident_id = incident.id and delivery.channel = 'webhook' and delivery.kind <> 'resolved') as known`);
  const deliveries: string[] = [];
  const rows = z.array(endedRow).parse(ended.rows);
  for (const { id, tell, known } of rows) {
    if (tell || known) deliveries.push(...(await queueEnd(transaction, id, tell, now)));
  }
  await dropReminders(
    transaction,
    rows.map(({ id }) => id),
  );
  return deliveries;
}
