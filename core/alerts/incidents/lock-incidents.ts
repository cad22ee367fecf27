import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import { nearIncidents } from "./near-incidents";
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
  const near = nearIncidents({
    service: sql`span.service`,
    kind: sql`span.kind`,
    pattern: sql`span.pattern`,
    from: sql`span.earliest - span.reach`,
    to: sql`span.latest + span.reach`,
  });
  // In two steps, since nothing can be locked through a union.
  await transaction.execute(sql`
    select from logs.alert_incidents as incident where id = any(array(
      select near.id from (
        select *, interval '1 minute' * ${resolveAfterMinutes(sql`given.service`)} as reach from unnest(
          ${column(({ service }) => service)}::text[], ${column(({ kind }) => kind)}::text[],
          ${column(({ pattern }) => pattern)}::bigint[], ${column(({ earliest }) => earliest.toISOString())}::timestamptz[],
          ${column(({ latest }) => latest.toISOString())}::timestamptz[]) as given (service, kind, pattern, earliest, latest)
      ) as span cross join lateral ${near} as near))
    order by incident.id for update of incident`);
}
