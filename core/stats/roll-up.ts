import { sql } from "drizzle-orm";
import { addMs, DAY_MS, floorTo, HOUR_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { lockExclusive } from "@/core/locks";
import { ENTRY_COUNTS, PATTERN_COUNTS, tableOf } from "./rollups";

export type RollUpResult = {
  /** Buckets that are rolled up for the first time. */
  completed: number;
  /** Buckets that are rolled up again because late entries with patterns came. */
  corrected: number;
  /** Everything before is complete. */
  complete_until: string;
};

type Stage = {
  resolution: "hour" | "day";
  /** What it is summed up from. */
  source: "minute" | "hour";
  lengthMs: number;
  patterns: number;
};

export const HOURLY: Stage = {
  resolution: "hour",
  source: "minute",
  lengthMs: HOUR_MS,
  patterns: LIMITS.patternsPerServiceHour,
};
export const DAILY: Stage = {
  resolution: "day",
  source: "hour",
  lengthMs: DAY_MS,
  patterns: LIMITS.patternsPerServiceDay,
};

/**
 * Rolls up every bucket that is complete at `until` and not done yet, and again those that late entries made stale. A
 * transaction a bucket, under the lock that writers share, so no entry is committed between reading the counts and
 * marking the bucket as complete; a run that is killed loses one bucket's work and the next run goes on there.
 * @param until start of the first bucket that is not complete
 */
export async function rollUp(db: Context["db"], stage: Stage, until: Date): Promise<RollUpResult> {
  const result = { completed: 0, corrected: 0 };
  while (await inLock(db, (transaction) => correctNext(transaction, stage))) result.corrected++;
  while (await inLock(db, (transaction) => completeNext(transaction, stage, until))) result.completed++;
  return { ...result, complete_until: until.toISOString() };
}

function inLock<T>(db: Context["db"], work: (transaction: Executor) => Promise<T>): Promise<T> {
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    return work(transaction);
  });
}

async function correctNext(transaction: Executor, stage: Stage): Promise<boolean> {
  const stale = await transaction.execute<{ bucket: Date }>(sql`
    delete from logs.stats_stale where (resolution, bucket) in (
      select resolution, bucket from logs.stats_stale where resolution = ${stage.resolution} order by bucket limit 1)
    returning bucket`);
  const bucket = stale.rows[0]?.bucket;
  if (!bucket) return false;
  await sumUp(transaction, stage, new Date(bucket));
  return true;
}

/** Goes to the next bucket that has counts; the empty ones on the way are complete too. */
async function completeNext(transaction: Executor, stage: Stage, until: Date): Promise<boolean> {
  const source = tableOf(ENTRY_COUNTS, stage.source);
  const next = await transaction.execute<{ bucket: Date | null }>(sql`
    select min(bucket) as bucket from ${source}
    where bucket < ${until}::timestamptz
      and bucket >= (select complete_until from logs.stats_progress where resolution = ${stage.resolution})`);
  const found = next.rows[0]?.bucket;
  const bucket = found ? floorTo(new Date(found), stage.lengthMs) : null;
  if (bucket) await sumUp(transaction, stage, bucket);
  const completeUntil = bucket ? addMs(bucket, stage.lengthMs) : until;
  await transaction.execute(sql`
    update logs.stats_progress set complete_until = greatest(complete_until, ${completeUntil}::timestamptz)
    where resolution = ${stage.resolution}`);
  return bucket !== null;
}

/**
 * Replaces the bucket's rows by the sums of its source. What the source has no more, since retention took the entries that it
 * counts, stays as it was.
 */
async function sumUp(transaction: Executor, stage: Stage, bucket: Date): Promise<void> {
  const window = sql`bucket >= ${bucket}::timestamptz and bucket < ${addMs(bucket, stage.lengthMs)}::timestamptz`;
  const stats = tableOf(ENTRY_COUNTS, stage.resolution);
  await transaction.execute(sql`
    insert into ${stats} as known (bucket, service, level, count)
    select ${bucket}::timestamptz, service, level, sum(count) from ${tableOf(ENTRY_COUNTS, stage.source)}
    where ${window} group by service, level
    on conflict (bucket, service, level) do update set count = greatest(known.count, excluded.count)`);

  const patterns = tableOf(PATTERN_COUNTS, stage.resolution);
  await transaction.execute(sql`
    delete from ${patterns} where ${window} and (service, level) in (
      select service, level from ${tableOf(PATTERN_COUNTS, stage.source)} where ${window})`);
  await transaction.execute(sql`
    with summed as (
      select service, level, pattern, sum(count) as count, min(first_seen) as first_seen, max(last_seen) as last_seen
      from ${tableOf(PATTERN_COUNTS, stage.source)} where ${window} group by service, level, pattern
    ), ranked as (
      select summed.*, row_number() over (partition by service order by pattern = 0, count desc, pattern) as rank from summed
    )
    insert into ${patterns} (bucket, service, level, pattern, count, first_seen, last_seen)
    select ${bucket}::timestamptz, service, level, case when rank <= ${stage.patterns} then pattern else 0 end as kept,
      sum(count), min(first_seen), max(last_seen)
    from ranked group by service, level, kept`);
  if (stage.resolution === "hour") await markDayStale(transaction, bucket);
}

/** A day that is complete holds the sums of hours as they were. */
async function markDayStale(transaction: Executor, hour: Date): Promise<void> {
  await transaction.execute(sql`
    insert into logs.stats_stale (resolution, bucket)
    select 'day', day from (select ${floorTo(hour, DAY_MS)}::timestamptz as day) as changed
    where day < (select complete_until from logs.stats_progress where resolution = 'day')
    on conflict do nothing`);
}
