import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { WARNING } from "@/core/ingest/level";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { listIndexedParts } from "@/core/retention/index-partitions";
import type { Part } from "@/core/retention/partitions";
import { type Cursor, encodeCursor } from "./cursor";
import { type EntryRow, entryOf } from "./entry-row";
import { countCandidates, latestCandidate } from "./find-minutes";
import { readMinutes, readWindow } from "./read-window";
import type { SearchResult } from "./schemas";
import { type Sought, scopeOf } from "./scope";
import { withDeadline } from "./with-deadline";

export type Search = Sought & {
  /** 1 to LIMITS.searchPage. */
  limit: number;
  cursor?: Cursor;
  /** How long it may take, in ms; absent: LIMITS.searchMs. */
  withinMs?: number;
};

/** A window with more candidates is not widened further. */
const MANY_CANDIDATES = 100_000;
/** Of a first window of a minute that holds more, only a part is read. */
const FEW_CANDIDATES = 5_000;
/** So few candidates among all entries are looked for minute by minute. */
const SPARSE_CANDIDATES = 2_000;
const WIDEN_BY = 4;
/** From this width on a window takes in the rest of its day, as far as that has indexes. */
const RARE_WIDTH_MS = 16 * MINUTE_MS;

/**
 * The newest entries that a query selects. Goes back in time window by window, each wider than the one before, and passes
 * over minutes that can't hold a match, which the counts tell (design section 4). So a common match costs little however
 * much is stored, and a rare one is looked for in a few large steps.
 * @throws Fault unavailable when the database can't be reached
 */
export async function searchLogs({ db, clock }: Context, search: Search): Promise<SearchResult> {
  const { condition, required } = await scopeOf(db, search);
  const { cursor, limit, from, withinMs = LIMITS.searchMs } = search;
  const rows: EntryRow[] = [];
  let end = cursor ? new Date(Math.min(search.to.getTime(), Math.floor(cursor.micros / 1_000) + 1)) : search.to;
  const deadline = clock.now().getTime() + withinMs;

  const inTime = await withDeadline({ db, clock }, deadline, search.signal, async (read) => {
    const isRestricted = required.services !== null || required.levels !== null;
    const isSevere = required.levels?.every((level) => LEVELS.indexOf(level) >= WARNING) === true;
    let indexed: Part[] | undefined;
    let width = MINUTE_MS;
    while (rows.length <= limit && end > from) {
      await read(async (transaction) => {
        let start = later(from, floorTo(addMs(end, -width), MINUTE_MS));
        const candidates = await countCandidates(transaction, required, start, end);
        if (candidates === 0) {
          const latest = await latestCandidate(transaction, required, from, start);
          end = latest ? addMs(latest, MINUTE_MS) : from;
          return;
        }
        if (width === MINUTE_MS && candidates > FEW_CANDIDATES) {
          start = later(start, addMs(end, -Math.ceil((width * FEW_CANDIDATES) / candidates)));
        }
        let isSparse = isRestricted && width > MINUTE_MS && candidates <= SPARSE_CANDIDATES;
        if (isSevere ? width > MINUTE_MS : !isSparse && width >= RARE_WIDTH_MS) {
          indexed ??= await listIndexedParts(transaction);
          const first = firstIndexed(indexed, end);
          if (first) {
            start = later(from, first);
            isSparse = false;
          }
        }
        const window = { start, end, cursor, limit: limit + 1 - rows.length };
        rows.push(
          ...(isSparse
            ? await readMinutes(transaction, condition, required, window)
            : await readWindow(transaction, condition, window)),
        );
        end = start;
        if (candidates < MANY_CANDIDATES) width *= WIDEN_BY;
      });
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
    searched_until: isFull && last ? isoOfMicros(Number(last.micros)) : end.toISOString(),
    timed_out: !inTime,
  };
}

const later = (one: Date, other: Date) => (one > other ? one : other);

/** Where the parts of one day that have indexes and follow one another up to `end` begin; null when `end` lies in none. */
function firstIndexed(indexed: readonly Part[], end: Date): Date | null {
  const day = floorTo(addMs(end, -1), DAY_MS);
  let first: Date | null = null;
  for (const { from, to } of indexed.toReversed()) {
    if (to <= day) break;
    if (first === null ? from < end && to >= end : to.getTime() === first.getTime()) first = from;
  }
  return first;
}
