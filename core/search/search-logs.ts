import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { listPartSizes, type Part } from "@/core/retention/partitions";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { type Span, spanOf } from "@/core/segments/read/plan-chunks";
import { afterCursor } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import type { TakesTurns } from "@/core/turns";
import { type Cursor, encodeCursor } from "./cursor";
import { type EntryPart, type EntryRow, entryOf, newestFirst } from "./entry-row";
import { countCandidates, latestCandidate } from "./find-minutes";
import type { Required } from "./query/required";
import { readWindow } from "./read-window";
import type { SearchResult } from "./schemas";
import { type Scope, type Sought, scopeOf } from "./scope";
import { searchSealed } from "./sealed";
import { withDeadline } from "./with-deadline";

export type Search = Sought & {
  /** 1 to LIMITS.searchPage. */
  limit: number;
  cursor?: Cursor;
  /** How long it may take, in ms; absent: LIMITS.searchMs. */
  withinMs?: number;
  /** What of each entry is read; absent: all. */
  part?: EntryPart;
  /** Takes down what can't be read, for who asks more than once. */
  missing?: Missing;
};

/** Of a first window of a minute that holds more, only a part is read. */
const FEW_CANDIDATES = 5_000;
/** The first windows, the latest first; then as much as may be looked through at once. */
const WIDTHS_MS = [MINUTE_MS, 4 * MINUTE_MS, 16 * MINUTE_MS];
/** So many of them are read in little time, whatever is asked. */
export const QUICK_WINDOWS = 2;
/** Of what is not sealed: it has no index but that of its time. */
const MOST_SCANNED_BYTES = 192 * 1024 * 1024;

/**
 * The newest entries that a query selects. Goes back in time window by window, each wider than the one before, and passes
 * over minutes that can't hold a match, which the counts tell. What is sealed within a window is asked by
 * pieces, and what its filters tell to have no match is passed over.
 * @throws Fault too_busy when too many searches wait; the database's own errors
 */
export async function searchLogs(context: EntriesContext, search: Search): Promise<SearchResult> {
  const { db, clock } = context;
  const scope = await scopeOf(db, search);
  const { cursor, limit, part, withinMs = LIMITS.searchMs, missing = new Missing() } = search;
  const { from, to } = spanOf(search.from, search.to);
  let end = Math.min(to, cursor ? cursor.micros + 1 : Number.POSITIVE_INFINITY);
  const rows: EntryRow[] = [];
  const deadline = clock.now().getTime() + withinMs;

  const { quick, long } = context.turns;
  const { turns: ofSealed } = context.segments.duck;
  for (const turns of [quick, long, ofSealed]) turns.admit();
  const { isInTime, waitedMs } = await withDeadline(
    { db, clock },
    deadline,
    search.signal,
    async (read, ended, waited) => {
      for (let number = 0; rows.length <= limit && end > from; number++) {
        const wanted = limit + 1 - rows.length;
        const hot = await read(number < QUICK_WINDOWS ? quick : long, async (transaction) => {
          const parts = await listPartSizes(transaction);
          const window = await findWindow(transaction, scope.required, { from, to: end }, parts, number);
          if (!window) return null;
          // What this transaction can see has not been taken from a table's file.
          const isHot = within(parts, dateOf(window.from), dateOf(window.to)).length > 0;
          return {
            window,
            rows: isHot
              ? await readWindow(transaction, scope.condition, { ...window, cursor, limit: wanted, part })
              : [],
            segments: await listSegments(transaction, dateOf(window.from), addMs(dateOf(window.to), 1)),
          };
        });
        if (!hot) {
          end = from;
          break;
        }
        for await (const { found, until } of mergeSealed(context, scope, {
          ...hot,
          cursor,
          wanted,
          part,
          missing,
          ended,
          turns: waited.counting(ofSealed),
        })) {
          rows.push(...found);
          end = until;
        }
      }
    },
  );

  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isFull = rows.length > limit;
  // Of the moment of the cursor, not all may have been there before it.
  const reached = cursor && end > cursor.micros ? cursor : { micros: end, id: null };
  const next: Cursor | null = isFull && last ? { micros: Number(last.micros), id: last.id } : isInTime ? null : reached;
  return {
    entries: page.map(entryOf),
    next_cursor: next ? encodeCursor(next) : null,
    searched_until: isoOfMicros(isFull && last ? Number(last.micros) : end),
    timed_out: !isInTime,
    waited_ms: Math.round(waitedMs),
    ...missing.told(),
  };
}

/** The millisecond in which it is. */
const dateOf = (micros: number) => new Date(Math.floor(micros / 1_000));

/** The latest part of a span to look through next; null when nothing in it can match. Microseconds since 1970. */
async function findWindow(
  transaction: Executor,
  required: Required,
  { from, to }: Span,
  parts: readonly Part[],
  number: number,
): Promise<Span | null> {
  const first = dateOf(from);
  const latest = await latestCandidate(transaction, required, first, addMs(dateOf(to), 1));
  if (!latest) return null;
  const end = Math.min(to, addMs(latest, MINUTE_MS).getTime() * 1_000);
  // Where all is sealed there is no need to begin with little: its filters are asked first.
  const width = within(parts, first, dateOf(end)).length > 0 ? WIDTHS_MS[number] : undefined;
  if (width === undefined) {
    return { from: Math.max(from, scannableFrom(parts, first, dateOf(end - 1)).getTime() * 1_000), to: end };
  }
  let start = Math.max(from, floorTo(addMs(dateOf(end), -width), MINUTE_MS).getTime() * 1_000);
  if (number === 0) {
    const candidates = await countCandidates(transaction, required, dateOf(start), addMs(dateOf(end), 1));
    if (candidates > FEW_CANDIDATES)
      start = Math.max(start, end - Math.ceil((width * 1_000 * FEW_CANDIDATES) / candidates));
  }
  return { from: start, to: end };
}

/** Those that have entries from a time to another, both inclusive. */
const within = (parts: readonly Part[], from: Date, to: Date) =>
  parts.filter((part) => part.from <= to && part.to > from);

/** From when on what is not sealed is little enough to be looked through; at least the part in which `last` lies. */
function scannableFrom(parts: readonly Part[], from: Date, last: Date): Date {
  let bytes = 0;
  for (const part of parts.toReversed()) {
    if (part.from > last) continue;
    bytes += part.bytes;
    if (bytes > MOST_SCANNED_BYTES && part.to <= last) return part.to;
  }
  return from;
}

type Hot = {
  window: Span;
  rows: EntryRow[];
  segments: Segment[];
  cursor: Cursor | undefined;
  wanted: number;
  part: EntryPart | undefined;
  missing: Missing;
  ended: AbortSignal;
  turns: TakesTurns;
};

/** What was found in a window with what is sealed there, the latest first, each time with how far back that is all. */
async function* mergeSealed(
  context: EntriesContext,
  { sealed }: Scope,
  { window, rows, segments, cursor, wanted, part, missing, ended, turns }: Hot,
): AsyncGenerator<{ found: EntryRow[]; until: number }> {
  // Older than the last of a full page nothing is wanted.
  const from = rows.length < wanted ? window.from : Number(rows.at(-1)?.micros);
  const span = { from, to: window.to };
  const search = {
    segments,
    scope: sealed,
    span,
    also: afterCursor(cursor),
    limit: wanted,
    part,
    missing,
    signal: ended,
    turns,
  };
  let rest = rows;
  for await (const piece of searchSealed(context, { ...search, order: "newest first" })) {
    const newer = rest.filter(({ micros }) => Number(micros) >= piece.span.from);
    rest = rest.slice(newer.length);
    yield { found: [...newer, ...piece.rows].sort(newestFirst), until: piece.span.from };
  }
  yield { found: rest, until: from };
}
