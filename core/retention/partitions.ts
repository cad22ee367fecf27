import { sql } from "drizzle-orm";
import { addMs, DAY_MS, floorTo } from "@/core/clock";
import type { Context } from "@/core/context";
import { type AdvisoryLock, lockExclusive } from "@/core/locks";

/** How many days from today on have their partition before they begin. */
const DAYS_AHEAD = 2;

/** Name of the partition of a UTC day, such as `logs_20260131`. */
export function partitionName(day: Date): string {
  return `logs_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/**
 * Makes the partitions of the given UTC days where they are missing. A table is made first and attached then, because
 * attaching takes a lock on the parent that neither waits for writers nor makes them wait; `create table ... partition of` does both.
 */
export async function createPartitions(db: Context["db"], days: readonly Date[]): Promise<void> {
  for (const day of days) {
    const name = sql.identifier(partitionName(day));
    const [from, to] = [day, addMs(day, DAY_MS)].map((time) => sql.raw(`'${time.toISOString()}'`));
    const lock: AdvisoryLock = ["partition", day.getTime() / DAY_MS];
    await db.transaction(async (transaction) => {
      await lockExclusive(transaction, lock);
      const existing = await transaction.execute(
        sql`select 1 from pg_inherits where inhrelid = to_regclass(${`logs.${partitionName(day)}`})`,
      );
      if (existing.rows.length > 0) return;
      await transaction.execute(
        sql`create table if not exists logs.${name} (like logs.logs including defaults including constraints)`,
      );
      await transaction.execute(
        sql`alter table logs.logs attach partition logs.${name} for values from (${from}) to (${to})`,
      );
    });
  }
}

/** Makes today's partition and those of the next days. */
export async function createPartitionsAhead({ db, clock }: Context): Promise<void> {
  const today = floorTo(clock.now(), DAY_MS);
  await createPartitions(
    db,
    Array.from({ length: DAYS_AHEAD + 1 }, (_, index) => addMs(today, index * DAY_MS)),
  );
}

/** The UTC days that have a partition, oldest first. */
export async function listPartitions(db: Context["db"]): Promise<Date[]> {
  const result = await db.execute<{ name: string }>(sql`
    select child.relname as name
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'logs.logs'::regclass
    order by child.relname`);
  return result.rows.map(({ name }) => dayOf(name));
}

/** The day of a partition, by its name. */
export const dayOf = (name: string) =>
  new Date(`${name.slice(5, 9)}-${name.slice(9, 11)}-${name.slice(11, 13)}T00:00:00Z`);
