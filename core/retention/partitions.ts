import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, HOUR_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { type AdvisoryLock, lockExclusive } from "@/core/locks";

/** How many days from today on have their partition before they begin. */
const DAYS_AHEAD = 2;

/** Name of the partition of a UTC day, such as `logs_20260131`. */
function partitionName(day: Date): string {
  return `logs_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/** A table that holds entries: a day, or a part of one that was made when days had parts. */
export type Part = { name: string; from: Date; to: Date; bytes: number };

/** Of the parts that days had before. */
const FORMER_PART_MS = 3 * HOUR_MS;

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
      if ((await partitionsOf(transaction, day)).length > 0) return;
      await transaction.execute(sql`
        create table if not exists logs.${name} (like logs.logs including defaults including constraints)`);
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
export async function partitionDays(db: Executor): Promise<Date[]> {
  const days = (await namesLike(db, "logs_%")).map((name) => floorTo(timesOf(name).from, DAY_MS).getTime());
  return [...new Set(days)].map((day) => new Date(day));
}

/** The UTC days that may have entries, in the database or sealed, oldest first. */
export async function listDays(db: Executor): Promise<Date[]> {
  const sealed = await db.execute(sql`
    select distinct date_bin('1 day', first_timestamp, timestamptz 'epoch') as day from logs.segments`);
  const days = z.array(z.object({ day: z.coerce.date() })).parse(sealed.rows);
  const times = [...days.map(({ day }) => day), ...(await partitionDays(db))].map((day) => day.getTime());
  return [...new Set(times)].sort((a, b) => a - b).map((time) => new Date(time));
}

/** Names of the tables of a UTC day; none when it has no partition. */
export const partitionsOf = (db: Executor, day: Date): Promise<string[]> => namesLike(db, `${partitionName(day)}%`);

const nameSchema = z.object({ name: z.string() });

/** Of partitions, in their order. Waits for nobody who has locked one. */
async function namesLike(db: Executor, pattern: string): Promise<string[]> {
  const result = await db.execute(sql`
    select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'logs.logs'::regclass and child.relname like ${pattern} order by child.relname`);
  return z
    .array(nameSchema)
    .parse(result.rows)
    .map(({ name }) => name);
}

const sizeSchema = z.object({ name: z.string(), bytes: z.coerce.number() });

/**
 * The tables that hold entries and have rows, or had some, oldest first, with the bytes that these take on disk. On a distributed
 * database all of them, as what is on other nodes is not looked at: with a byte each.
 */
export async function listPartSizes(db: Executor): Promise<Part[]> {
  const result = await db.execute(sql`
    select relname as name, logs.part_bytes(oid) as bytes
    from pg_partition_tree('logs.logs') join pg_class on oid = relid where isleaf order by relname`);
  return z
    .array(sizeSchema)
    .parse(result.rows)
    .filter(({ bytes }) => bytes > 0)
    .map(({ name, bytes }) => ({ name, bytes, ...timesOf(name) }));
}

/** The times that a table holds, by its name. */
function timesOf(name: string): { from: Date; to: Date } {
  const day = new Date(`${name.slice(5, 9)}-${name.slice(9, 11)}-${name.slice(11, 13)}T00:00:00Z`);
  const hour = /_(\d\d)$/.exec(name)?.[1];
  if (hour === undefined) return { from: day, to: addMs(day, DAY_MS) };
  const from = addMs(day, Number(hour) * HOUR_MS);
  return { from, to: addMs(from, FORMER_PART_MS) };
}
