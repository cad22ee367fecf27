import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import { resolveAfterMinutes } from "./resolve-overdue";
import type { Subject } from "./subject";

/** New violations of a subject, by their first and last minute. */
export type SubjectSpan = Subject & { earliest: Date; latest: Date };

/**
 * Locks the incidents that violations may extend, all in order of their ids, so that two who change several of them wait
 * for each other only one way.
 */
export async function lockIncidents(transaction: Executor, spans: readonly SubjectSpan[]): Promise<void> {
  const column = (value: (span: SubjectSpan) => string | null) => sql.param(spans.map(value));
  const reach = sql`interval '1 minute' * ${resolveAfterMinutes(sql`span.service`)}`;
  await transaction.execute(sql`
    select from unnest(
      ${column(({ service }) => service)}::text[], ${column(({ kind }) => kind)}::text[],
      ${column(({ pattern }) => pattern)}::bigint[], ${column(({ earliest }) => earliest.toISOString())}::timestamptz[],
      ${column(({ latest }) => latest.toISOString())}::timestamptz[]) as span (service, kind, pattern, earliest, latest)
    join logs.alert_incidents as incident on incident.service = span.service and incident.kind = span.kind
      and coalesce(incident.pattern, 0) = coalesce(span.pattern, 0)
    where resolved_at is null or last_at >= earliest - ${reach} and first_at <= latest + ${reach}
    order by incident.id for update of incident`);
}
