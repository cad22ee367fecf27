import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema, microsToSql } from "./entry-row";
import { getEntry, readEntryId } from "./get-entry";
import { EVERYTHING } from "./query/query-tree";
import type { EntryContext } from "./schemas";
import { searchLogs } from "./search-logs";

const WIDEN_BY = 8;

/**
 * The entries of the same service around one: those before it, newest first, and those after it, oldest first.
 * @param count of each, 1 to LIMITS.contextEntries
 * @throws Fault not_found
 */
export async function getContext(context: Context, id: string, count: number): Promise<EntryContext> {
  const entry = await getEntry(context, id);
  const { micros, number } = readEntryId(id);
  const sought = {
    query: EVERYTHING,
    service: entry.service,
    from: new Date(0),
    to: new Date(Math.floor(micros / 1_000) + 1),
  };
  const [before, after] = await Promise.all([
    searchLogs(context, { ...sought, limit: count, cursor: { micros, id: number } }),
    readAfter(context, { micros, number, service: entry.service, count }),
  ]);
  return { entry, before: before.entries, after: after.map(entryOf) };
}

type After = { micros: number; number: string; service: string; count: number };

/** Looks ahead in time, in steps that grow up to a day, from one minute in which the service sent something to the next. */
async function readAfter({ db, clock }: Context, { micros, number, service, count }: After): Promise<EntryRow[]> {
  const rows: EntryRow[] = [];
  const most = addMs(clock.now(), LIMITS.futureMs + DAY_MS);
  let start: Date | null = new Date(Math.floor(micros / 1_000));
  for (let width = MINUTE_MS; start && rows.length < count; width = Math.min(width * WIDEN_BY, DAY_MS)) {
    const end = addMs(floorTo(start, MINUTE_MS), width);
    const result = await db.execute(sql`
      select ${ENTRY_COLUMNS} from logs.logs
      where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz and service = ${service}
        and (timestamp, id) > (${microsToSql(micros)}, ${number}::bigint)
      order by timestamp, id limit ${count - rows.length}`);
    rows.push(...z.array(entryRowSchema).parse(result.rows));
    start = await nextMinute(db, service, end, most);
  }
  return rows;
}

async function nextMinute(db: Executor, service: string, from: Date, to: Date): Promise<Date | null> {
  const result = await db.execute(sql`
    select min(bucket) as bucket from logs.stats_minute
    where service = ${service} and bucket >= ${from}::timestamptz and bucket < ${to}::timestamptz`);
  return z.tuple([z.object({ bucket: z.coerce.date().nullable() })]).parse(result.rows)[0].bucket;
}
