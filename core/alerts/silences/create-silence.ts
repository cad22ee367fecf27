import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { invalidField } from "@/core/errors";
import { alertQueries, alertSilences } from "@/db/schema";
import type { Silence, SilenceInput } from "../schemas";
import { silenceOf } from "./list-silences";

/** @throws Fault invalid for an end that is not after the start, which is now when none is given */
export async function createSilence({ db, clock }: Context, input: SilenceInput): Promise<Silence> {
  const now = clock.now();
  const startsAt = input.starts_at === undefined ? now : new Date(input.starts_at);
  const endsAt = new Date(input.ends_at);
  if (endsAt <= startsAt || endsAt <= now) throw invalidField("ends_at", "must be in the future");
  const { service, kind, alert_id: alertId, reason } = input;
  if (alertId !== null) {
    const [alert] = await db.select().from(alertQueries).where(eq(alertQueries.id, alertId));
    if (!alert) throw invalidField("alert_id", "must be the id of an alert");
  }
  const [row] = await db
    .insert(alertSilences)
    .values({ service, kind, alertId, startsAt, endsAt, reason, createdAt: now })
    .returning();
  if (!row) throw new Error("the silence was not stored");
  return silenceOf(row);
}
