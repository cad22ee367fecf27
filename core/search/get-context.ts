import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { listSegments } from "@/core/segments/catalogue";
import { timestampOf } from "@/core/segments/duck";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import type { TimeLimit } from "@/core/within-time";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema, microsToSql, newestFirst } from "./entry-row";
import { getEntry, readEntryId } from "./get-entry";
import { EVERYTHING } from "./query/query-tree";
import type { Entry, EntryContext } from "./schemas";
import { sealedScopeOf, searchSealed } from "./sealed";
import { QUICK_WINDOWS, searchLogs } from "./search-logs";
import { withDeadline } from "./with-deadline";

const WIDEN_BY = 8;

/**
 * An entry, and those around it as readAround() gives them.
 * @param limit absent: LIMITS.searchMs for the entry, and as much for those around it
 * @throws Fault not_found; unavailable when the entry can't be read, or not in time; too_busy when too many searches wait
 */
export async function getContext(
  context: EntriesContext,
  id: string,
  count: number,
  { withinMs = LIMITS.searchMs, signal }: Partial<TimeLimit> = {},
): Promise<EntryContext> {
  const entry = await getEntry(context, id, { withinMs, signal });
  return readAround(context, entry, count, { withinMs, signal });
}

/**
 * The entries of the same service around one: those before it, newest first, and those after it, oldest first. What was not found in time is
 * left out.
 * @param count of each, 1 to LIMITS.contextEntries
 * @throws Fault too_busy when too many searches wait
 */
export async function readAround(
  context: EntriesContext,
  entry: Entry,
  count: number,
  { withinMs, signal }: TimeLimit,
): Promise<EntryContext> {
  const { id, service } = entry;
  const { micros, number } = readEntryId(id);
  const missing = new Missing();
  const sought = {
    query: EVERYTHING,
    service,
    from: new Date(0),
    to: new Date(Math.floor(micros / 1_000) + 1),
    limit: count,
    cursor: { micros, id: number },
    missing,
    withinMs,
    ...(signal ? { signal } : {}),
  };
  const [before, after] = await Promise.all([
    searchLogs(context, sought),
    readAfter(context, { micros, number, service, count, missing, withinMs, signal }),
  ]);
  return {
    entry,
    before: before.entries,
    after: after.rows.map(entryOf),
    timed_out: before.timed_out || !after.isInTime,
    ...missing.told(),
  };
}

type After = TimeLimit & { micros: number; number: string; service: string; count: number; missing: Missing };

/** Looks ahead in time, in steps that grow up to a day, from one minute in which the service sent something to the next. */
async function readAfter(
  context: EntriesContext,
  { micros, number, service, count, missing, withinMs, signal }: After,
): Promise<{ rows: EntryRow[]; isInTime: boolean }> {
  const { clock } = context;
  const { quick, long } = context.turns;
  const rows: EntryRow[] = [];
  const most = addMs(clock.now(), LIMITS.futureMs + DAY_MS);
  const scope = sealedScopeOf(EVERYTHING, service);
  const also = sql`("timestamp" > ${timestampOf(micros)}
    or ("timestamp" = ${timestampOf(micros)} and id > ${number}::bigint))`;
  let start: Date | null = new Date(Math.floor(micros / 1_000));
  let width = MINUTE_MS;
  const deadline = clock.now().getTime() + withinMs;
  const { isInTime } = await withDeadline(context, deadline, signal, async (read, ended) => {
    for (let window = 0; start && rows.length < count; window++) {
      const from: Date = start;
      const end = addMs(floorTo(from, MINUTE_MS), width);
      const limit = count - rows.length;
      const { hot, segments, next } = await read(window < QUICK_WINDOWS ? quick : long, async (transaction) => {
        const result = await transaction.execute(sql`
          select ${ENTRY_COLUMNS} from logs.logs
          where timestamp >= ${from}::timestamptz and timestamp < ${end}::timestamptz and service = ${service}
            and (timestamp, id) > (${microsToSql(micros)}, ${number}::bigint)
          order by timestamp, id limit ${limit}`);
        return {
          hot: z.array(entryRowSchema).parse(result.rows),
          segments: await listSegments(transaction, from, end),
          next: await nextMinute(transaction, service, end, most),
        };
      });
      const found = [...hot];
      const search = { segments, scope, span: spanOf(from, end), also, limit, missing, signal: ended } as const;
      for await (const piece of searchSealed(context, { ...search, order: "oldest first" })) {
        found.push(...piece.rows);
      }
      rows.push(...found.sort((one, other) => newestFirst(other, one)).slice(0, limit));
      start = next;
      width = Math.min(width * WIDEN_BY, DAY_MS);
    }
  });
  return { rows, isInTime };
}

async function nextMinute(db: Executor, service: string, from: Date, to: Date): Promise<Date | null> {
  const result = await db.execute(sql`
    select min(bucket) as bucket from logs.stats_minute
    where service = ${service} and bucket >= ${from}::timestamptz and bucket < ${to}::timestamptz`);
  return z.tuple([z.object({ bucket: z.coerce.date().nullable() })]).parse(result.rows)[0].bucket;
}
