import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import { configFor } from "./alert-of";
import { endIncidents } from "./end-incidents";
import type { Subject } from "./subject";

/** For a service whose configuration was deleted while late entries still come. */
const DEFAULT_RESOLVE_AFTER = 5;

/** @returns SQL of the minutes without a violation after which an incident of `service` is over */
export const resolveAfterMinutes = (service: SQL) =>
  sql`coalesce((select resolve_after_minutes from ${configFor(service)} as config), ${DEFAULT_RESOLVE_AFTER}::int)`;

/** @returns SQL that chooses the incidents of a subject */
const isSubject = ({ service, kind, pattern }: Subject) =>
  sql`service = ${service} and kind = ${kind} and coalesce(pattern, 0) = coalesce(${pattern}::bigint, 0)`;

/**
 * Ends the incidents that had no violation for long enough.
 * @param subject only this one
 * @returns ids of deliveries to be sent after commit
 */
export async function resolveOverdue(transaction: Executor, now: Date, subject?: Subject): Promise<string[]> {
  const ofSubject = subject ? sql`and ${isSubject(subject)}` : sql``;
  return endIncidents(
    transaction,
    sql`kind not in ('absence', 'query') ${ofSubject}
      and coalesce(crossed_at, last_at) + interval '1 minute' * (1 + ${resolveAfterMinutes(sql`incident.service`)}) <= ${now}::timestamptz`,
    now,
  );
}
