import { sql } from "drizzle-orm";
import { addMs, DAY_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { lockExclusive } from "@/core/locks";
import { changeCatalogue } from "@/core/segments/change-catalogue";
import type { SealContext } from "@/core/segments/seal-context";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { cutoffOfEntry } from "./cutoff-of-entry";
import { type ExpireContext, expireEntries } from "./expire-entries";
import { createPartitionsAhead, listDays, partitionsOf } from "./partitions";
import { ageOf, cutoffOf, type RetentionPlan } from "./retention-plan";
import { noteExpiredBefore } from "./storage-state";

/** Writers wait behind a drop that waits for a reader: it gives up after so long, and the next run tries again. */
const LOCK_TIMEOUT = "3s";

const MINUTES = ["stats_minute", "pattern_minute", "stats_stale"];
const ROLLED_UP = ["stats_hour", "stats_day", "pattern_hour", "pattern_day"];

export type RetentionResult = {
  /** Of which nothing is kept any more. */
  dropped_days: string[];
  /** Of days of which others are kept. */
  expired_entries: number;
};

/**
 * Makes the partitions of the coming days, and removes what is past its retention: whole days when nothing of them is kept any more,
 * and of other days the entries of those services and levels that are kept for less. Entries go in one transaction with their counts
 * by the minute, so that both agree at every moment; counts by the hour and by the day have a retention of their own. Then goes
 * what has no entries left.
 * @throws Error when entries of some days could not be removed, after all else is done
 */
export async function applyRetention(context: ExpireContext, plan: RetentionPlan): Promise<RetentionResult> {
  const { db, clock } = context;
  const now = clock.now();
  await createPartitionsAhead(context);
  // Rolled up are entries that were counted by the minute, so that comes first.
  await aggregateLogsDaily(context);
  const result: RetentionResult = { dropped_days: [], expired_entries: 0 };
  const errors: Error[] = [];
  // First: whoever answers by counts that stay must know even when this ends half-way.
  await noteExpiredBefore(context, cutoffOf(now, plan.shortestDays));
  for (const day of await listDays(db)) {
    const age = ageOf(day, now);
    const name = day.toISOString().slice(0, 10);
    try {
      if (age > plan.longestDays) {
        await dropDay(context, day);
        result.dropped_days.push(name);
      } else if (age > plan.shortestDays) {
        const expired = await expireEntries(context, day, { before: null, levels: plan.expiredAt(age) });
        result.expired_entries += expired.entries;
        errors.push(...expired.errors);
      }
    } catch (error) {
      errors.push(new Error(`entries of ${name} could not be removed: ${reasonOf(error)}`, { cause: error }));
    }
  }
  for (const table of ROLLED_UP) {
    await db.execute(sql`
      delete from logs.${sql.identifier(table)}
      where bucket < ${cutoffOf(now, plan.countsDays)}::timestamptz and bucket < ${cutoffOfEntry(plan, now)}`);
  }
  await deleteForgotten(db, now, addMs(now, -Math.max(plan.longestDays, plan.countsDays) * DAY_MS));
  const [error] = errors;
  if (error) throw error;
  return result;
}

function dropDay({ pool }: SealContext, day: Date): Promise<void> {
  return changeCatalogue(
    pool,
    async (transaction) => {
      await transaction.execute(sql`set local lock_timeout = '${sql.raw(LOCK_TIMEOUT)}'`);
      // This locks all entries: before the counts, as writers do.
      for (const name of await partitionsOf(transaction, day)) {
        await transaction.execute(sql`drop table logs.${sql.identifier(name)}`);
      }
      await lockExclusive(transaction, ["aggregation", 0]);
      // No segment goes over the end of a day. Its file is removed with all that no catalogue names.
      await transaction.execute(sql`
        delete from logs.segments
        where first_timestamp >= ${day}::timestamptz and first_timestamp < ${addMs(day, DAY_MS)}::timestamptz`);
      for (const table of MINUTES) {
        await transaction.execute(sql`
          delete from logs.${sql.identifier(table)}
          where bucket >= ${day}::timestamptz and bucket < ${addMs(day, DAY_MS)}::timestamptz`);
      }
    },
    "read committed",
  );
}

/** What has no entries left, and records that are too old. @param oldest of what is kept of anything */
async function deleteForgotten(db: Context["db"], now: Date, oldest: Date): Promise<void> {
  await db.execute(sql`
    delete from logs.services where last_seen < ${addMs(now, -DAY_MS)}::timestamptz
      and not exists (select from logs.stats_minute where service = services.name)`);
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
    delete from logs.ingest_requests where created_at < ${addMs(now, -LIMITS.idempotencyMs)}::timestamptz`);
  await db.execute(sql`
    delete from logs.job_executions where started_at < ${addMs(now, -LIMITS.jobHistoryMs)}::timestamptz`);
  await deleteOldAlerts(db, oldest);
}

/** What happened before the oldest entry, and thresholds that no minute that is kept can be judged by any more. */
async function deleteOldAlerts(db: Context["db"], oldest: Date): Promise<void> {
  await db.execute(sql`delete from logs.alert_violations where timestamp < ${oldest}::timestamptz`);
  await db.execute(sql`delete from logs.alert_windows where ends_at < ${oldest}::timestamptz`);
  await db.execute(sql`delete from logs.alert_incidents where resolved_at < ${oldest}::timestamptz`);
  await db.execute(sql`delete from logs.alert_silences where ends_at < ${oldest}::timestamptz`);
  await db.execute(sql`
    delete from logs.alert_thresholds as old where valid_from < ${oldest}::timestamptz and exists (
      select from logs.alert_thresholds as later
      where later.service = old.service and later.valid_from > old.valid_from and later.valid_from <= ${oldest}::timestamptz)`);
}
