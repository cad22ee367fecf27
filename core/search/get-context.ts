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
import { ONE_SNAPSHOT } from "@/core/snapshot";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema, microsToSql, newestFirst } from "./entry-row";
import { getEntry, readEntryId } from "./get-entry";
import { EVERYTHING } from "./query/query-tree";
import type { EntryContext } from "./schemas";
import { sealedScopeOf, searchSealed } from "./sealed";
import { searchLogs } from "./search-logs";

const WIDEN_BY = 8;

/**
 * The entries of the same service around one: those before it, newest first, and those after it, oldest first.
 * @param count of each, 1 to LIMITS.contextEntries
 * @throws Fault not_found
 */
export async function getContext(context: EntriesContext, id: string, count: number): Promise<EntryContext> {
  const entry = await getEntry(context, id);
  const { micros, number } = readEntryId(id);
  const sought = {
    query: EVERYTHING,
    service: entry.service,
    from: new Date(0),
    to: new Date(Math.floor(micros / 1_000) + 1),
  };
  const missing = new Missing();
  const [before, after] = await Promise.all([
    searchLogs(context, { ...sought, limit: count, cursor: { micros, id: number }, missing }),
    readAfter(context, { micros, number, service: entry.service, count, missing }),
  ]);
  return { entry, before: before.entries, after: after.map(entryOf), ...missing.told() };
}

type After = { micros: number; number: string; service: string; count: number; missing: Missing };

/** Looks ahead in time, in steps that grow up to a day, from one minute in which the service sent something to the next. */
async function readAfter(
  context: EntriesContext,
  { micros, number, service, count, missing }: After,
): Promise<EntryRow[]> {
  const { db, clock } = context;
  const rows: EntryRow[] = [];
  const most = addMs(clock.now(), LIMITS.futureMs + DAY_MS);
  const scope = sealedScopeOf(EVERYTHING, service);
  let start: Date | null = new Date(Math.floor(micros / 1_000));
  for (let width = MINUTE_MS; start && rows.length < count; width = Math.min(width * WIDEN_BY, DAY_MS)) {
    const from: Date = start;
    const end = addMs(floorTo(from, MINUTE_MS), width);
    const limit = count - rows.length;
    const { hot, segments } = await db.transaction(async (transaction) => {
      const result = await transaction.execute(sql`
          select ${ENTRY_COLUMNS} from logs.logs
          where timestamp >= ${from}::timestamptz and timestamp < ${end}::timestamptz and service = ${service}
            and (timestamp, id) > (${microsToSql(micros)}, ${number}::bigint)
          order by timestamp, id limit ${limit}`);
      return {
        hot: z.array(entryRowSchema).parse(result.rows),
        segments: await listSegments(transaction, from, end),
      };
    }, ONE_SNAPSHOT);
    const span = spanOf(from, end);
    const also = sql`("timestamp" > ${timestampOf(micros)}
      or ("timestamp" = ${timestampOf(micros)} and id > ${number}::bigint))`;
    const found = [...hot];
    const search = { segments, scope, span, also, limit, missing, order: "oldest first" } as const;
    for await (const piece of searchSealed(context, search)) {
      found.push(...piece.rows);
    }
    rows.push(...found.sort((one, other) => newestFirst(other, one)).slice(0, limit));
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
