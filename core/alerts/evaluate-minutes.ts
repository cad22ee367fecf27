import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import type { Executor } from "@/core/context";
import { moments } from "@/core/moments";
import { type FreshViolation, trackIncidents } from "./incidents/track-incidents";

/** A minute of a service whose counts may have changed. */
export type ServiceMinute = { bucket: Date; service: string };

const violationRow = z.object({
  service: z.string(),
  kind: z.enum(["error", "warning", "pattern"]),
  pattern: z.string().nullable(),
  timestamp: z.coerce.date(),
  fresh: z.boolean(),
});

/**
 * Compares the counts of minutes, of levels and of patterns of errors, with the thresholds that held in them, and records
 * every crossing: a violation for the minute, its incident, and what has to be sent, all in the caller's transaction. Doing it again changes nothing.
 * A minute that a host's clock had told of before it came, in an incident that is over since, crosses anew when it is there.
 *
 * The caller holds the lock "aggregation", shared; changes of configurations hold it exclusively. Two writers of one
 * minute, say of its errors and its fatals, don't see each other's counts until commit: locking the service's thresholds
 * makes the later one wait and then see both (ADR 6). Nothing is locked after it that another writer may hold.
 * @returns ids of deliveries to be sent after commit
 */
export async function evaluateMinutes(
  transaction: Executor,
  minutes: readonly ServiceMinute[],
  now: Date,
): Promise<string[]> {
  if (minutes.length === 0) return [];
  const watched = await transaction.execute<{ service: string }>(findWatched(minutes));
  return judgeMinutes(transaction, minutes, new Set(watched.rows.map(({ service }) => service)), now);
}

/**
 * The first of two steps of evaluateMinutes, for a caller that sends it together with others: the services that have thresholds. One that
 * comes for the first time gets those for every service as its own, so that writers of different services don't wait for each other.
 */
export function findWatched(minutes: readonly ServiceMinute[]): SQL {
  const services = [...new Set(minutes.map(({ service }) => service))].sort();
  return sql`
    with fresh as (
      insert into logs.alert_thresholds (service, valid_from, error_threshold, warning_threshold, pattern_threshold)
      select name, valid_from, case when is_for then error_threshold end, case when is_for then warning_threshold end,
        case when is_for then pattern_threshold end
      from unnest(${sql.param(services)}::text[]) as name
      join logs.alert_thresholds as every on every.service = ${EVERY_SERVICE}
      cross join lateral (select name <> all(every.except_services) as is_for) as excepted
      where name <> ${EVERY_SERVICE} and not exists (select from logs.alert_thresholds as known where known.service = name)
      order by name, valid_from
      on conflict do nothing
      returning service
    ), known as (
      select service from logs.alert_thresholds where service = any(${sql.param(services)}::text[])
      order by service, valid_from for no key update
    )
    select service from known union all select service from fresh`;
}

/** Whether any of the services may have thresholds: no row, if not. Holds until the transaction ends, as evaluateMinutes' lock does. */
export function findAnyThreshold(minutes: readonly ServiceMinute[]): SQL {
  const services = [...new Set(minutes.map(({ service }) => service))].sort();
  return sql`
    select from logs.alert_thresholds where service = any(${sql.param([...services, EVERY_SERVICE])}::text[])
      and cardinality(${sql.param(services)}::text[]) > 0 limit 1`;
}

/** The second step. @param watched what findWatched found in this transaction */
export async function judgeMinutes(
  transaction: Executor,
  minutes: readonly ServiceMinute[],
  watched: ReadonlySet<string>,
  now: Date,
): Promise<string[]> {
  if (watched.size === 0) return [];
  const judged = minutes.filter(({ service }) => watched.has(service));
  const result = await transaction.execute(sql`
    with minute as (
      select distinct bucket, service from unnest(
        ${moments(judged.map(({ bucket }) => bucket))},
        ${sql.param(judged.map(({ service }) => service))}::text[]) as t (bucket, service)
    ), held as (
      select minute.service, minute.bucket, thresholds.* from minute cross join lateral (
        select error_threshold, warning_threshold, pattern_threshold from logs.alert_thresholds
        where service = minute.service and valid_from <= minute.bucket
        order by valid_from desc limit 1
      ) as thresholds
    ), counted as (
      select service, watched.level, null::bigint as pattern, counts.count, watched.threshold, bucket
      from held
      cross join lateral (values ('error'::logs.level, error_threshold), ('warning'::logs.level, warning_threshold))
        as watched (level, threshold)
      cross join lateral (
        select sum(count) as count from logs.stats_minute as known
        where known.bucket = held.bucket and known.service = held.service
          and known.level >= watched.level and (watched.level = 'error' or known.level = 'warning')
      ) as counts
      where counts.count > watched.threshold
      union all
      select service, 'error', counts.pattern, counts.count, pattern_threshold, bucket
      from held cross join lateral (
        select coalesce(canonical, known.pattern) as pattern, sum(count) as count
        from logs.pattern_minute as known left join logs.pattern_aliases as alias on alias.pattern = known.pattern
        where known.bucket = held.bucket and known.service = held.service and known.level >= 'error' and known.pattern <> 0
        group by 1 having sum(count) > held.pattern_threshold
      ) as counts
      where counts.pattern not in (select id from logs.patterns where muted_at is not null)
    )
    insert into logs.alert_violations as known (service, level, pattern, current_count, threshold_value, timestamp)
    select service, level, pattern, count, threshold, bucket from counted order by service, level, bucket, pattern
    on conflict (service, level, timestamp, coalesce(pattern, 0)) do update
    set current_count = excluded.current_count, threshold_value = excluded.threshold_value
    where (known.current_count, known.threshold_value) is distinct from (excluded.current_count, excluded.threshold_value)
    returning service, case when pattern is null then level::text else 'pattern' end as kind, pattern::text, timestamp,
      incident_id is null or exists (
        select from logs.alert_incidents as told where told.id = incident_id and told.resolved_at <= known.timestamp) as fresh`);
  const fresh: FreshViolation[] = z
    .array(violationRow)
    .parse(result.rows)
    .filter((row) => row.fresh);
  return fresh.length > 0 ? trackIncidents(transaction, fresh, now) : [];
}
