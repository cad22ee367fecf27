import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, HOUR_MS, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type ExpireContext, expireEntries } from "./expire-entries";
import { storedBytes } from "./needs-room";
import { listDays } from "./partitions";
import type { StorageState } from "./schemas";
import { readStorageState, writeStorageState } from "./storage-state";

/** What is younger stays, however large it is. */
const YOUNGEST_MS = HOUR_MS;

/**
 * Removes the oldest entries when more is stored than may be, segment by segment, until LIMITS.diskFreeShare of that is stored;
 * whatever retention says of them. Writes down how much is stored, for those who are told before it happens.
 * @param maxBytes of the database's tables and the segments together; null: anything
 * @returns how many entries had to go
 * @throws Error when some segments could not be read, after all else is done
 */
export async function limitDisk(context: ExpireContext, maxBytes: number | null): Promise<number> {
  const { db, clock } = context;
  let sizes = await readSizes(db);
  let removed = (await readStorageState(context))?.removed ?? null;
  const errors: Error[] = [];
  let entries = 0;
  if (maxBytes !== null && storedBytes(sizes) > maxBytes) {
    const tooMuch = storedBytes(sizes) - maxBytes * LIMITS.diskFreeShare;
    const before = await chooseEnd(db, tooMuch, addMs(floorTo(clock.now(), MINUTE_MS), -YOUNGEST_MS));
    if (before) {
      // An archive that came since may be older than what went before.
      const goneBefore = removed && removed.before > before.toISOString() ? removed.before : before.toISOString();
      const going = { before: goneBefore, at: clock.now().toISOString(), entries: 0 };
      // First: counts by the hour and day stay, and whoever answers by them must know even when this ends half-way.
      await writeStorageState(context, { ...sizes, at: going.at, max_bytes: maxBytes, removed: going });
      for (const day of (await listDays(db)).filter((one) => one < before)) {
        const expired = await expireEntries(context, day, { before: before.getTime() * 1_000, levels: {} });
        entries += expired.entries;
        errors.push(...expired.errors);
      }
      if (entries > 0) removed = { ...going, entries };
      sizes = await readSizes(db);
    }
  }
  await writeStorageState(context, { ...sizes, at: clock.now().toISOString(), max_bytes: maxBytes, removed });
  const [error] = errors;
  if (error) throw error;
  return entries;
}

const sizesSchema = z.object({
  database_bytes: z.coerce.number(),
  segment_bytes: z.coerce.number(),
  oldest: z.coerce.date().nullable(),
});

async function readSizes(db: Executor): Promise<Pick<StorageState, "database_bytes" | "segment_bytes" | "oldest">> {
  const result = await db.execute(sql`
    select (
        select coalesce(sum(pg_total_relation_size(oid)), 0) + logs.distributed_bytes() from pg_class
        where relnamespace = 'logs'::regnamespace and relkind = 'r') as database_bytes,
      (select coalesce(sum(bytes), 0) from logs.segments) as segment_bytes,
      (select min(first_timestamp) from logs.segments) as oldest`);
  const { oldest, ...bytes } = z.tuple([sizesSchema]).parse(result.rows)[0];
  return { ...bytes, oldest: oldest?.toISOString() ?? null };
}

/**
 * The end of the time whose entries have to go, so that segments of so many bytes do: a whole minute, as counts are. What the last
 * of them has in its last minute stays, instead of the next one losing what it has there. What is known to be unreadable is passed over:
 * how many entries would go of which minute stands in the file alone.
 * @param latest it is not after this
 */
async function chooseEnd(db: Executor, bytes: number, latest: Date): Promise<Date | null> {
  const result = await db.execute(sql`
    select first_timestamp as first, last_timestamp as last from (
      select *, sum(bytes) over (order by last_timestamp, id) - bytes as freed from logs.segments
      where not exists (select from logs.segment_checks where segment = segments.id and problem is not null)) as summed
    where freed < ${bytes}::float8 order by last_timestamp desc, id desc limit 1`);
  const [segment] = z.array(z.object({ first: z.coerce.date(), last: z.coerce.date() })).parse(result.rows);
  if (!segment) return null;
  const start = floorTo(segment.last, MINUTE_MS);
  const end = start > segment.first ? start : addMs(start, MINUTE_MS);
  return end < latest ? end : latest;
}
