import { sql } from "drizzle-orm";
import { addMs, DAY_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { lockExclusive } from "@/core/locks";
import { createPartitionsAhead, listPartitions, partitionsOf } from "./partitions";

/** Writers wait behind a drop that waits for a reader: it gives up after so long, and the next run tries again. */
const LOCK_TIMEOUT = "3s";

const COUNTS = ["stats_minute", "stats_hour", "stats_day", "pattern_minute", "pattern_hour", "pattern_day"];

export type RetentionResult = { dropped_days: string[] };

/**
 * Makes the partitions of the coming days, and removes what is older than the retention time: whole days, each with its
 * counts in one transaction, so that counts and entries agree at every moment; then what has no entries left.
 */
export async function applyRetention(context: Context, retentionDays: number): Promise<RetentionResult> {
  const { db, clock } = context;
  await createPartitionsAhead(context);
  const oldest = addMs(clock.now(), -retentionDays * DAY_MS);
  const expired = (await listPartitions(db)).filter((day) => addMs(day, DAY_MS) <= oldest);
  for (const day of expired) await dropDay(db, day);
  await db.execute(sql`delete from logs.services where last_seen < ${oldest}::timestamptz`);
  await db.execute(sql`
    delete from logs.patterns where last_seen < ${addMs(oldest, -DAY_MS)}::timestamptz
      and not exists (select from logs.pattern_minute where pattern = patterns.id)
      and not exists (select from logs.pattern_aliases where canonical = patterns.id and pattern <> canonical)`);
  await db.execute(sql`
    delete from logs.pattern_services as known where last_seen < ${addMs(oldest, -DAY_MS)}::timestamptz
      and not exists (select from logs.pattern_minute where pattern = known.pattern and service = known.service)`);
  await db.execute(sql`
    delete from logs.pattern_aliases as known where not exists (select from logs.patterns where id = known.pattern)`);
  await db.execute(sql`
    delete from logs.ingest_requests where created_at < ${addMs(clock.now(), -LIMITS.idempotencyMs)}::timestamptz`);
  await db.execute(sql`
    delete from logs.job_executions where started_at < ${addMs(clock.now(), -LIMITS.jobHistoryMs)}::timestamptz`);
  await deleteOldAlerts(db, oldest);
  return { dropped_days: expired.map((day) => day.toISOString().slice(0, 10)) };
}

async function dropDay(db: Context["db"], day: Date): Promise<void> {
  const names = await partitionsOf(db, day);
  await db.transaction(async (transaction) => {
    await transaction.execute(sql`set local lock_timeout = '${sql.raw(LOCK_TIMEOUT)}'`);
    await lockExclusive(transaction, ["aggregation", 0]);
    for (const name of names) await transaction.execute(sql`drop table logs.${sql.identifier(name)}`);
    // No segment goes over the end of a day. Its file is removed with all that no catalogue names.
    await transaction.execute(sql`
      delete from logs.segments
      where first_timestamp >= ${day}::timestamptz and first_timestamp < ${addMs(day, DAY_MS)}::timestamptz`);
    for (const table of [...COUNTS, "stats_stale"]) {
      await transaction.execute(sql`
        delete from logs.${sql.identifier(table)}
        where bucket >= ${day}::timestamptz and bucket < ${addMs(day, DAY_MS)}::timestamptz`);
    }
  });
}

/** What happened before the oldest entry, and thresholds that no minute that is kept can be judged by any more. */
async function deleteOldAlerts(db: Context["db"], oldest: Date): Promise<void> {
  await db.execute(sql`delete from logs.alert_violations where timestamp < ${oldest}::timestamptz`);
  await db.execute(sql`delete from logs.alert_incidents where resolved_at < ${oldest}::timestamptz`);
  await db.execute(sql`delete from logs.alert_silences where ends_at < ${oldest}::timestamptz`);
  await db.execute(sql`
    delete from logs.alert_thresholds as old where valid_from < ${oldest}::timestamptz and exists (
      select from logs.alert_thresholds as later
      where later.service = old.service and later.valid_from > old.valid_from and later.valid_from <= ${oldest}::timestamptz)`);
}
