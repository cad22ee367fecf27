import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { queueNotification } from "../delivery/queue-notification";
import { ALERT_OF_INCIDENT, configFor } from "./alert-of";
import type { Subject } from "./subject";

/** For a service whose configuration was deleted while late entries still come. */
const DEFAULT_RESOLVE_AFTER = 5;

/** @returns SQL of the minutes without a violation after which an incident of `service` is over */
export const resolveAfterMinutes = (service: SQL) =>
  sql`coalesce((select resolve_after_minutes from ${configFor(service)} as config), ${DEFAULT_RESOLVE_AFTER}::int)`;

/** @returns SQL that chooses the incidents of a subject */
export const isSubject = ({ service, kind, pattern }: Subject) =>
  sql`service = ${service} and kind = ${kind} and coalesce(pattern, 0) = coalesce(${pattern}::bigint, 0)`;

export const resolvedRow = z.object({ id: z.coerce.number(), tell: z.boolean() });

/** Whether the end of an incident is told: its opening was, nobody acknowledged it, and the configuration wants it. */
export const TELL_RESOLVED = sql`notified_at is not null and acknowledged_at is null and exists (
  select from ${ALERT_OF_INCIDENT} as alert where alert.notify_resolved) as tell`;

/**
 * Ends the incidents that had no violation for long enough.
 * @param subject only this one
 * @returns ids of deliveries to be sent after commit
 */
export async function resolveOverdue(transaction: Executor, now: Date, subject?: Subject): Promise<string[]> {
  const ofSubject = subject ? sql`and ${isSubject(subject)}` : sql``;
  const ended = await transaction.execute(sql`
    update logs.alert_incidents as incident set resolved_at = ${now}::timestamptz
    where resolved_at is null and kind not in ('absence', 'query') ${ofSubject}
      and last_at + interval '1 minute' * (1 + ${resolveAfterMinutes(sql`incident.service`)}) <= ${now}::timestamptz
    returning id, ${TELL_RESOLVED}`);
  const deliveries: string[] = [];
  for (const { id, tell } of z.array(resolvedRow).parse(ended.rows)) {
    if (tell) deliveries.push(...(await queueNotification(transaction, id, "resolved", now)));
  }
  return deliveries;
}
