import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type Cursor, encodeCursor } from "./cursor";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema, microsToSql, timeOfRow } from "./entry-row";
import { countCandidates, latestCandidate } from "./find-minutes";
import type { SearchResult } from "./schemas";
import { type Sought, scopeOf } from "./scope";
import { withDeadline } from "./with-deadline";

export type Search = Sought & {
  /** 1 to LIMITS.searchPage. */
  limit: number;
  cursor?: Cursor;
};

/** A window with more candidates is not widened further. */
const MANY_CANDIDATES = 100_000;
/** Of a first window of a minute that holds more, only a part is read. */
const FEW_CANDIDATES = 20_000;
const WIDEN_BY = 4;

/**
 * The newest entries that a query selects. Goes back in time window by window, each wider than the one before, and passes
 * over minutes that can't hold a match, which the counts tell (design section 4). So a common match costs little however
 * much is stored, and a rare one is looked for in a few large steps.
 * @throws Fault unavailable when the database can't be reached
 */
export async function searchLogs({ db, clock }: Context, search: Search): Promise<SearchResult> {
  const { condition, required } = await scopeOf(db, search);
  const { cursor, limit, from } = search;
  const rows: EntryRow[] = [];
  let end = cursor ? new Date(Math.min(search.to.getTime(), Math.floor(cursor.micros / 1_000) + 1)) : search.to;
  const deadline = clock.now().getTime() + LIMITS.searchMs;

  const inTime = await withDeadline({ db, clock }, deadline, search.signal, async (transaction, extend) => {
    let width = MINUTE_MS;
    while (rows.length <= limit && end > from) {
      await extend();
      let start = new Date(Math.max(from.getTime(), floorTo(addMs(end, -width), MINUTE_MS).getTime()));
      const candidates = await countCandidates(transaction, required, start, end);
      if (candidates === 0) {
        const latest = await latestCandidate(transaction, required, from, start);
        end = latest ? addMs(latest, MINUTE_MS) : from;
        continue;
      }
      if (width === MINUTE_MS && candidates > FEW_CANDIDATES) {
        start = new Date(Math.max(start.getTime(), end.getTime() - Math.ceil((width * FEW_CANDIDATES) / candidates)));
      }
      rows.push(...(await readWindow(transaction, condition, { start, end, cursor, limit: limit + 1 - rows.length })));
      end = start;
      if (candidates < MANY_CANDIDATES) width *= WIDEN_BY;
    }
  });

  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isFull = rows.length > limit;
  const next: Cursor | null =
    isFull && last
      ? { micros: Number(last.micros), id: last.id }
      : inTime
        ? null
        : { micros: end.getTime() * 1_000, id: null };
  return {
    entries: page.map(entryOf),
    next_cursor: next ? encodeCursor(next) : null,
    searched_until: (isFull && last ? timeOfRow(last) : end).toISOString(),
    timed_out: !inTime,
  };
}

type ReadWindow = { start: Date; end: Date; cursor: Cursor | undefined; limit: number };

async function readWindow(
  transaction: Pick<Context["db"], "execute">,
  condition: SQL,
  { start, end, cursor, limit }: ReadWindow,
): Promise<EntryRow[]> {
  const result = await transaction.execute(sql`
    select ${ENTRY_COLUMNS}
    from logs.logs
    where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz ${after(cursor)} and ${condition}
    order by timestamp desc, id desc limit ${limit}`);
  return z.array(entryRowSchema).parse(result.rows);
}

function after(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql``;
  const time = microsToSql(cursor.micros);
  return cursor.id === null ? sql`and timestamp < ${time}` : sql`and (timestamp, id) < (${time}, ${cursor.id}::bigint)`;
}
