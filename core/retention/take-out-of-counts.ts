import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import type { Level } from "@/core/levels";
import { lockExclusive } from "@/core/locks";
import { moments } from "@/core/moments";

/** How many entries of a minute, service and level have gone. */
export type GoneCount = { bucket: Date; service: string; level: Level; count: number };

const BATCH = 10_000;

/**
 * Takes entries that go in this transaction out of the counts by the minute, so that at every moment these are what counting all
 * entries would give. Counts by the hour and by the day stay: they have a retention of their own. While the lock is held nobody else
 * changes counts, so what comes in for such a minute meanwhile is counted after this.
 */
export async function takeOutOfCounts(transaction: Executor, gone: readonly GoneCount[]): Promise<void> {
  if (gone.length === 0) return;
  await lockExclusive(transaction, ["aggregation", 0]);
  for (let from = 0; from < gone.length; from += BATCH) {
    const some = gone.slice(from, from + BATCH);
    await transaction.execute(sql`
      with gone as (
        select * from unnest(
          ${moments(some.map(({ bucket }) => bucket))},
          ${sql.param(some.map(({ service }) => service))}::text[],
          ${sql.param(some.map(({ level }) => level))}::logs.level[],
          ${sql.param(some.map(({ count }) => count))}::bigint[]) as t (bucket, service, level, count)
      ), lessened as (
        update logs.stats_minute as known set count = known.count - gone.count from gone
        where known.bucket = gone.bucket and known.service = gone.service and known.level = gone.level
          and known.count > gone.count
      ), emptied as (
        delete from logs.stats_minute as known using gone
        where known.bucket = gone.bucket and known.service = gone.service and known.level = gone.level
          and known.count <= gone.count
        returning known.bucket, known.service, known.level
      )
      delete from logs.pattern_minute as known using emptied
      where known.bucket = emptied.bucket and known.service = emptied.service and known.level = emptied.level`);
  }
}
