import { sql } from "drizzle-orm";
import { addMs, DAY_MS, floorTo, HOUR_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { type AdvisoryLock, lockExclusive } from "@/core/locks";

/** How many days from today on have their partition before they begin. */
const DAYS_AHEAD = 2;

/** Name of the partition of a UTC day, such as `logs_20260131`. */
export function partitionName(day: Date): string {
  return `logs_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/** A day is made of parts of so many ms, each with its own indexes: see ADR 3. */
const PART_MS = 3 * HOUR_MS;

/** A table that holds entries: a part of a day, or a whole day that was made before there were parts. */
export type Part = { name: string; from: Date; to: Date };

const partName = (from: Date) => `${partitionName(from)}_${from.toISOString().slice(11, 13)}`;

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
      await transaction.execute(sql`
        create table if not exists logs.${name} (like logs.logs including defaults including constraints)
        partition by range (timestamp)`);
      for (let start = day; start < addMs(day, DAY_MS); start = addMs(start, PART_MS)) {
        const [first, end] = [start, addMs(start, PART_MS)].map((time) => sql.raw(`'${time.toISOString()}'`));
        await transaction.execute(sql`
          create table if not exists logs.${sql.identifier(partName(start))} partition of logs.${name}
          for values from (${first}) to (${end})`);
      }
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

/** The tables that hold entries, oldest first. */
export async function listParts(db: Executor): Promise<Part[]> {
  const result = await db.execute<{ name: string }>(sql`
    select relname as name from pg_partition_tree('logs.logs') join pg_class on oid = relid where isleaf order by relname`);
  return result.rows.map(({ name }) => partOf(name));
}

/** The times that a table holds, by its name. */
export function partOf(name: string): Part {
  const day = dayOf(name);
  const hour = /_(\d\d)$/.exec(name)?.[1];
  if (hour === undefined) return { name, from: day, to: addMs(day, DAY_MS) };
  const from = addMs(day, Number(hour) * HOUR_MS);
  return { name, from, to: addMs(from, PART_MS) };
}

/** The day of a partition, by its name. */
const dayOf = (name: string) => new Date(`${name.slice(5, 9)}-${name.slice(9, 11)}-${name.slice(11, 13)}T00:00:00Z`);
