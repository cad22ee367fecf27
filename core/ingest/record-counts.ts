import { sql } from "drizzle-orm";
import { evaluateMinutes } from "@/core/alerts/evaluate-minutes";
import { floorTo, HOUR_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { lockShared } from "@/core/locks";
import { RULES_VERSION } from "@/core/patterns/fingerprint-message";
import type { CountRow, PatternRow, ServiceRow, Tally } from "./tally";

/** What is to be done after commit: deliveries to be sent by their ids, and whether announceNewPatterns has something to decide. */
export type Recorded = { deliveries: string[]; hasNewPatterns: boolean };

/**
 * Adds what was counted, in the transaction that wrote the entries. Every statement takes its rows in one order (services
 * by name, counts by bucket, service and level, patterns by id), so that concurrent writers can't deadlock.
 *
 * The shared lock makes late entries exact: while it is held nothing is rolled up, so an hour either is rolled up after
 * this commits, or is complete already and gets marked as stale here (ADR 5).
 */
export async function recordCounts(transaction: Executor, tally: Tally, now: Date): Promise<Recorded> {
  const counts = tally.countRows().sort(byKey);
  if (counts.length === 0) return { deliveries: [], hasNewPatterns: false };
  await lockShared(transaction, ["aggregation", 0]);
  await upsertServices(transaction, tally.serviceRows());
  await upsertCounts(transaction, counts);
  await markStale(transaction, [...new Set(counts.map((row) => floorTo(row.bucket, HOUR_MS).getTime()))]);
  const patterns = tally.patternRows().sort(byKey);
  const hasNewPatterns = patterns.length > 0 && (await upsertPatterns(transaction, patterns, tally.samples));
  // Last, because it locks what other writers wait for.
  const deliveries = await evaluateMinutes(transaction, counts.filter(isJudged), now);
  return { deliveries, hasNewPatterns };
}

const isJudged = ({ level }: CountRow) => level === "warning" || level === "error" || level === "fatal";

const byKey = (a: CountRow, b: CountRow) =>
  a.bucket.getTime() - b.bucket.getTime() || compare(a.service, b.service) || compare(a.level, b.level);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** As text of their own: the driver formats a Date in local time, field by field, which was a tenth of ingest's time. */
const moments = (dates: readonly Date[]) => sql`${sql.param(dates.map((date) => date.toISOString()))}::timestamptz[]`;

async function upsertServices(transaction: Executor, rows: readonly ServiceRow[]): Promise<void> {
  const sorted = [...rows].sort((a, b) => compare(a.name, b.name));
  await transaction.execute(sql`
    insert into logs.services as known (name, first_seen, last_seen, masked)
    select * from unnest(
      ${sql.param(sorted.map((row) => row.name))}::text[],
      ${moments(sorted.map((row) => row.firstSeen))},
      ${moments(sorted.map((row) => row.lastSeen))},
      ${sql.param(sorted.map((row) => row.masked))}::bigint[])
    on conflict (name) do update
    set first_seen = least(known.first_seen, excluded.first_seen), last_seen = greatest(known.last_seen, excluded.last_seen),
      masked = known.masked + excluded.masked
    where known.first_seen > excluded.first_seen or known.last_seen < excluded.last_seen or excluded.masked > 0`);
}

async function upsertCounts(transaction: Executor, rows: readonly CountRow[]): Promise<void> {
  await transaction.execute(sql`
    insert into logs.stats_minute as known (bucket, service, level, count)
    select * from unnest(
      ${moments(rows.map((row) => row.bucket))},
      ${sql.param(rows.map((row) => row.service))}::text[],
      ${sql.param(rows.map((row) => row.level))}::logs.level[],
      ${sql.param(rows.map((row) => row.count))}::bigint[])
    on conflict (bucket, service, level) do update set count = known.count + excluded.count`);
}

async function markStale(transaction: Executor, hours: readonly number[]): Promise<void> {
  await transaction.execute(sql`
    insert into logs.stats_stale (resolution, bucket)
    select 'hour', hour
    from unnest(${moments(hours.map((hour) => new Date(hour)))}) as hour
    where hour < (select complete_until from logs.stats_progress where resolution = 'hour')
    on conflict do nothing`);
}

/**
 * A pattern that the service did not have in the minute is admitted only while the minute has room; the rest is added to
 * pattern 0. Several writers at once may overshoot the limit by what each of them brings.
 * @returns whether somebody wants to know of a pattern that is new
 */
async function upsertPatterns(
  transaction: Executor,
  rows: readonly PatternRow[],
  samples: ReadonlyMap<bigint, string>,
): Promise<boolean> {
  const admitted = await transaction.execute<{ pattern: string }>(sql`
    with incoming as (
      select * from unnest(
        ${moments(rows.map((row) => row.bucket))},
        ${sql.param(rows.map((row) => row.service))}::text[],
        ${sql.param(rows.map((row) => row.level))}::logs.level[],
        ${sql.param(rows.map((row) => String(row.pattern)))}::bigint[],
        ${sql.param(rows.map((row) => row.count))}::bigint[],
        ${moments(rows.map((row) => row.firstSeen))},
        ${moments(rows.map((row) => row.lastSeen))})
        as t (bucket, service, level, pattern, count, first_seen, last_seen)
    ), looked_up as (
      select incoming.*, incoming.pattern = 0 or exists (
        select from logs.pattern_minute as known
        where known.bucket = incoming.bucket and known.service = incoming.service
          and known.level = incoming.level and known.pattern = incoming.pattern) as has_row
      from incoming
    ), used as (
      select minute.bucket, minute.service, (
        select count(*) from logs.pattern_minute as known
        where known.bucket = minute.bucket and known.service = minute.service and known.pattern <> 0) as patterns
      from (select distinct bucket, service from incoming) as minute
    ), ranked as (
      select looked_up.*, used.patterns as used,
        row_number() over (partition by bucket, service, has_row order by looked_up.count desc, pattern) as rank
      from looked_up join used using (bucket, service)
    ), decided as (
      select bucket, service, level, count, first_seen, last_seen,
        case when has_row or used + rank <= ${LIMITS.patternsPerServiceMinute} then pattern else 0 end as pattern
      from ranked
    )
    insert into logs.pattern_minute as known (bucket, service, level, pattern, count, first_seen, last_seen)
    select bucket, service, level, pattern, sum(count), min(first_seen), max(last_seen)
    from decided
    group by bucket, service, level, pattern
    order by bucket, service, level, pattern
    on conflict (bucket, service, level, pattern) do update
    set count = known.count + excluded.count,
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen)
    returning pattern`);
  const kept = new Set(admitted.rows.map((row) => BigInt(row.pattern)));
  const counted = rows.filter(({ pattern }) => kept.has(pattern) && samples.has(pattern));
  if (counted.length === 0) return false;
  await upsertPatternSamples(transaction, joinSeen(counted, String), samples);
  return upsertPatternServices(
    transaction,
    joinSeen(counted, (pattern, service) => `${pattern}/${service}`),
  );
}

/** One row for each key, with all the time that it was seen in and the worst level, in the order of pattern and service. */
function joinSeen(rows: readonly PatternRow[], keyOf: (pattern: bigint, service: string) => string): PatternRow[] {
  const seen = new Map<string, PatternRow>();
  for (const row of rows) {
    const key = keyOf(row.pattern, row.service);
    const { firstSeen, lastSeen, level } = seen.get(key) ?? row;
    seen.set(key, {
      ...row,
      level: LEVELS.indexOf(row.level) > LEVELS.indexOf(level) ? row.level : level,
      firstSeen: new Date(Math.min(row.firstSeen.getTime(), firstSeen.getTime())),
      lastSeen: new Date(Math.max(row.lastSeen.getTime(), lastSeen.getTime())),
    });
  }
  return [...seen.values()].sort((a, b) =>
    a.pattern === b.pattern ? compare(a.service, b.service) : a.pattern < b.pattern ? -1 : 1,
  );
}

/** `last_seen` moves a day at a time, so that a frequent pattern's row is not written at every batch. */
async function upsertPatternSamples(
  transaction: Executor,
  rows: readonly PatternRow[],
  samples: ReadonlyMap<bigint, string>,
): Promise<void> {
  await transaction.execute(sql`
    insert into logs.patterns as known (id, sample, rules_version, last_seen)
    select id, sample, ${RULES_VERSION}::int, last_seen from unnest(
      ${sql.param(rows.map((row) => String(row.pattern)))}::bigint[],
      ${sql.param(rows.map((row) => samples.get(row.pattern) ?? ""))}::text[],
      ${moments(rows.map((row) => row.lastSeen))}) as seen (id, sample, last_seen)
    on conflict (id) do update set last_seen = excluded.last_seen
    where known.last_seen < excluded.last_seen - interval '1 day'`);
}

/** @returns whether one of them waits for announceNewPatterns */
async function upsertPatternServices(transaction: Executor, rows: readonly PatternRow[]): Promise<boolean> {
  const made = await transaction.execute<{ unjudged: boolean }>(sql`
    insert into logs.pattern_services as known (pattern, service, level, first_seen, last_seen, unjudged)
    select seen.*, level >= 'error' and exists (
      select from logs.alert_configs as config where config.service = seen.service and enabled and notify_new_patterns)
    from unnest(
      ${sql.param(rows.map((row) => String(row.pattern)))}::bigint[],
      ${sql.param(rows.map((row) => row.service))}::text[],
      ${sql.param(rows.map((row) => row.level))}::logs.level[],
      ${moments(rows.map((row) => row.firstSeen))},
      ${moments(rows.map((row) => row.lastSeen))}) as seen (pattern, service, level, first_seen, last_seen)
    on conflict (pattern, service) do update
    set first_seen = least(known.first_seen, excluded.first_seen), last_seen = greatest(known.last_seen, excluded.last_seen)
    where known.last_seen < excluded.last_seen - interval '1 day' or known.first_seen > excluded.first_seen
    returning unjudged`);
  return made.rows.some(({ unjudged }) => unjudged);
}
