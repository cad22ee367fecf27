import { type SQL, sql } from "drizzle-orm";
import type pg from "pg";
import { findWatched, judgeMinutes } from "@/core/alerts/evaluate-minutes";
import { configFor } from "@/core/alerts/incidents/alert-of";
import { floorTo, HOUR_MS } from "@/core/clock";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { sharedLock } from "@/core/locks";
import { moments } from "@/core/moments";
import { RULES_VERSION } from "@/core/patterns/fingerprint-message";
import { ENTRY_COUNTS, tableOf } from "@/core/stats/rollups";
import { databaseOf } from "@/db/client";
import { inOneTrip, runPrepared } from "@/db/prepared";
import type { CountRow, PatternRow, Tally } from "./tally";

/** What is to be done after commit: deliveries to be sent by their ids, and whether announceNewPatterns has something to decide. */
export type Recorded = { deliveries: string[]; hasNewPatterns: boolean };

/**
 * Adds what was counted, in the transaction that wrote the entries, in one way to the server and back: other writers of the same
 * minutes wait from the first row to the commit. Rows come in one order (services by name, counts by bucket, service and level,
 * patterns by id), so that concurrent writers can't deadlock.
 *
 * The shared lock makes late entries exact: while it is held nothing is rolled up, so an hour either is rolled up after
 * this commits, or is complete already: then they are added to its counts too, and its patterns are marked as stale (ADR 5 and 27).
 */
export async function recordCounts(client: pg.PoolClient, tally: Tally, now: Date): Promise<Recorded> {
  const { counts, lock, add } = countsOf(tally, now);
  if (counts.length === 0) return { deliveries: [], hasNewPatterns: false };
  const judged = counts.filter(isJudged);
  const [, added, watched] = await inOneTrip(client, () => [
    runPrepared(client, lock),
    runPrepared<{ has_new_patterns: boolean }>(client, add),
    // Last, because it locks what other writers wait for.
    runPrepared<{ service: string }>(client, findWatched(judged)),
  ]);
  const hasNewPatterns = added.rows[0]?.has_new_patterns === true;
  if (watched.rows.length === 0) return { deliveries: [], hasNewPatterns };
  const services = new Set(watched.rows.map(({ service }) => service));
  return { deliveries: await judgeMinutes(databaseOf(client), judged, services, now), hasNewPatterns };
}

/** What was counted, and the statements that add it: the lock, then the counts. */
export function countsOf(tally: Tally, now: Date): { counts: CountRow[]; lock: SQL; add: SQL } {
  const counts = tally.countRows().sort(byKey);
  return { counts, lock: sharedLock(["aggregation", 0]), add: addCounts(tally, counts, now) };
}

/** Whether what was counted is what thresholds can be for. */
export const isJudged = ({ level }: CountRow) => level === "warning" || level === "error" || level === "fatal";

const byKey = (a: CountRow, b: CountRow) =>
  a.bucket.getTime() - b.bucket.getTime() || compare(a.service, b.service) || compare(a.level, b.level);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** As text of their own: the driver formats a Date in local time, field by field, which was a tenth of ingest's time. */

const column = <Row, Value>(rows: readonly Row[], read: (row: Row) => Value) => sql.param(rows.map(read));

/**
 * One statement for all counts, because each of its own would cost a way to the server and a plan.
 *
 * A pattern that the service did not have in the minute is admitted only while the minute has room; the rest is added to
 * pattern 0. Several writers at once may overshoot the limit by what each of them brings. `last_seen` of patterns moves a day
 * at a time, so that a frequent one's row is not written at every batch.
 *
 * What is stored of patterns is gathered whole before the next table is written, so that the order of locks doesn't depend on
 * the plan.
 */
function addCounts(tally: Tally, counts: readonly CountRow[], now: Date) {
  // What a clock that is ahead wrote was seen when it arrived.
  const seen = (date: Date) => (date > now ? now : date);
  const services = tally.serviceRows().sort((a, b) => compare(a.name, b.name));
  const patterns = tally.patternRows().sort(byKey);
  const hours = [...new Set(patterns.map((row) => floorTo(row.bucket, HOUR_MS).getTime()))];
  const sampled = patterns.filter(({ pattern }) => tally.samples.has(pattern));
  const samples = joinSeen(sampled, String);
  const ofServices = joinSeen(sampled, (pattern, service) => `${pattern}/${service}`);
  return sql`
    with incoming as (
      select * from unnest(
        ${moments(patterns.map((row) => row.bucket))},
        ${column(patterns, (row) => row.service)}::text[],
        ${column(patterns, (row) => row.level)}::logs.level[],
        ${column(patterns, (row) => String(row.pattern))}::bigint[],
        ${column(patterns, (row) => row.count)}::bigint[],
        ${moments(patterns.map((row) => row.firstSeen))},
        ${moments(patterns.map((row) => row.lastSeen))})
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
        case when has_row or used + rank <= ${LIMITS.patternsPerServiceMinute}::int then pattern else 0 end as pattern
      from ranked
    ), known_services as (
      insert into logs.services as known (name, first_seen, last_seen, masked)
      select * from unnest(
        ${column(services, (row) => row.name)}::text[],
        ${moments(services.map((row) => seen(row.firstSeen)))},
        ${moments(services.map((row) => seen(row.lastSeen)))},
        ${column(services, (row) => row.masked)}::bigint[])
      on conflict (name) do update
      set first_seen = least(known.first_seen, excluded.first_seen), last_seen = greatest(known.last_seen, excluded.last_seen),
        masked = known.masked + excluded.masked
      where known.first_seen > excluded.first_seen or known.last_seen < excluded.last_seen or excluded.masked > 0
    ), entries as materialized (
      select * from unnest(
        ${moments(counts.map((row) => row.bucket))},
        ${column(counts, (row) => row.service)}::text[],
        ${column(counts, (row) => row.level)}::logs.level[],
        ${column(counts, (row) => row.count)}::bigint[]) as t (bucket, service, level, count)
    ), counted as (
      insert into logs.stats_minute as known (bucket, service, level, count)
      table entries
      on conflict (bucket, service, level) do update set count = known.count + excluded.count
    ), late_of_hours as (
      ${addLate("hour")}
    ), late_of_days as (
      ${addLate("day")}
    ), stale as (
      insert into logs.stats_stale (resolution, bucket)
      select 'hour', hour
      from unnest(${moments(hours.map((hour) => new Date(hour)))}) as hour
      where hour < (select complete_until from logs.stats_progress where resolution = 'hour')
      on conflict do nothing
    ), stored as (
      insert into logs.pattern_minute as known (bucket, service, level, pattern, count, first_seen, last_seen)
      select bucket, service, level, pattern, sum(count), min(first_seen), max(last_seen)
      from decided
      group by bucket, service, level, pattern
      order by bucket, service, level, pattern
      on conflict (bucket, service, level, pattern) do update
      set count = known.count + excluded.count,
        first_seen = least(known.first_seen, excluded.first_seen),
        last_seen = greatest(known.last_seen, excluded.last_seen)
      returning pattern
    ), kept as (
      select array_agg(pattern) as patterns from stored
    ), sampled as (
      insert into logs.patterns as known (id, sample, rules_version, last_seen)
      select id, sample, ${RULES_VERSION}::int, last_seen from unnest(
        ${column(samples, (row) => String(row.pattern))}::bigint[],
        ${column(samples, (row) => tally.samples.get(row.pattern) ?? "")}::text[],
        ${moments(samples.map((row) => seen(row.lastSeen)))}) as seen (id, sample, last_seen)
      where id = any((select patterns from kept)::bigint[])
      on conflict (id) do update set last_seen = excluded.last_seen
      where known.last_seen < excluded.last_seen - interval '1 day'
    ), judged as (
      insert into logs.pattern_services as known (pattern, service, level, first_seen, last_seen, unjudged)
      select seen.*, level >= 'error' and exists (
        select from ${configFor(sql`seen.service`)} as config where enabled and notify_new_patterns)
      from unnest(
        ${column(ofServices, (row) => String(row.pattern))}::bigint[],
        ${column(ofServices, (row) => row.service)}::text[],
        ${column(ofServices, (row) => row.level)}::logs.level[],
        ${moments(ofServices.map((row) => seen(row.firstSeen)))},
        ${moments(ofServices.map((row) => seen(row.lastSeen)))}) as seen (pattern, service, level, first_seen, last_seen)
      where pattern = any((select patterns from kept)::bigint[])
      on conflict (pattern, service) do update
      set first_seen = least(known.first_seen, excluded.first_seen), last_seen = greatest(known.last_seen, excluded.last_seen)
      where known.last_seen < excluded.last_seen - interval '1 day' or known.first_seen > excluded.first_seen
      returning unjudged
    )
    select coalesce(bool_or(unjudged), false) as has_new_patterns from judged`;
}

/** Into a roll-up that is complete: it stays what counting would give. */
const addLate = (resolution: "hour" | "day") => sql`
  insert into ${tableOf(ENTRY_COUNTS, resolution)} as known (bucket, service, level, count)
  select date_trunc(${resolution}, bucket, 'UTC') as start, service, level, sum(count) from entries
  where bucket < (select complete_until from logs.stats_progress where resolution = ${resolution})
  group by start, service, level
  order by start, service, level
  on conflict (bucket, service, level) do update set count = known.count + excluded.count`;

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
