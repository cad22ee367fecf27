import type { ReadBlock, Segment } from "../catalogue";
import { mayHave, type Words } from "../word-filter";
import type { BlocksOf } from "./block-cache";

/** Times in microseconds since 1970: from inclusive, to exclusive. */
export type Span = { from: number; to: number };

/** @param from inclusive @param to exclusive. @returns the same in microseconds */
export const spanOf = (from: Date, to: Date): Span => ({ from: from.getTime() * 1_000, to: to.getTime() * 1_000 });

/** A time, and what has to be read of which files to know all of its matches. */
export type Chunk = Span & { reads: { segment: Segment; spans: Span[] }[] };

/** What of the numbers at a path must hold in an entry that matches: whether numbers within these bounds may have it. */
export type RangeTest = { path: string; mayHave: (least: number, greatest: number) => boolean };

type Candidate = { segment: Segment; first: number; end: number; rows: number };

/** A file whose blocks would be read in more pieces is read as a whole. */
const MOST_SPANS = 20;

/** Segments that may have entries of a span, in the order in which planChunks comes to them. */
export const inOrder = (segments: readonly Segment[], { from, to }: Span, ascending: boolean): Segment[] =>
  segments
    .filter(({ firstMicros, lastMicros }) => firstMicros < to && lastMicros >= from)
    .sort((a, b) => (ascending ? a.firstMicros - b.firstMicros : b.lastMicros - a.lastMicros));

/**
 * Blocks that may have a match within the span, with what of them lies in it. A segment whose blocks are not known is one: it was
 * joined with others since it was listed, and its file is still there.
 */
export function candidatesOf(
  segments: readonly Segment[],
  blocks: BlocksOf,
  { words, ranges }: { words: Words; ranges: readonly RangeTest[] },
  { from, to }: Span,
): Candidate[] {
  return segments.flatMap((segment) => {
    const known = ranges.filter(({ path }) => hasNumbers(segment, path));
    const ofSegment = blocks.get(segment.id);
    if (!ofSegment) return wholeOf(segment, { from, to });
    return ofSegment
      .filter((block) => block.firstMicros < to && block.lastMicros >= from)
      .filter(({ words: filter }) => filter === null || mayHave(filter, words))
      .filter((block) => known.every((range) => mayHaveNumber(block, range)))
      .map(({ firstMicros, lastMicros, rows }) => ({
        segment,
        first: Math.max(firstMicros, from),
        end: Math.min(lastMicros + 1, to),
        rows,
      }));
  });
}

const hasNumbers = ({ attributeColumns }: Segment, path: string): boolean =>
  attributeColumns.some((column) => column.path === path && column.kind !== "text");

/** Of an attribute that has a column of numbers, a block without bounds has none. */
function mayHaveNumber({ ranges }: ReadBlock, { path, mayHave }: RangeTest): boolean {
  const bounds = ranges[path];
  return bounds !== undefined && mayHave(...bounds);
}

function wholeOf(segment: Segment, { from, to }: Span): Candidate[] {
  const { firstMicros, lastMicros, rows } = segment;
  if (firstMicros >= to || lastMicros < from) return [];
  return [{ segment, first: Math.max(firstMicros, from), end: Math.min(lastMicros + 1, to), rows }];
}

/** Of the next segments of inOrder() the candidates, and the segment that comes behind them. */
export type Portion = { candidates: readonly Candidate[]; next: Segment | undefined };

/**
 * Cuts a span into pieces of about as many rows as `rowsOf` says for each, the latest first, or the earliest when `ascending`.
 * Together they hold every candidate, and each is whole: what one of them gives comes before what the next gives. A piece is given as soon as
 * nothing of the portions behind can lie in it, and ends there, unless it may have any number of rows; one in which nothing can match has
 * nothing to read, and says how far that is.
 * @param portions of all segments, which are asked for one by one
 */
export async function* planChunks(
  portions: AsyncIterable<Portion>,
  span: Span,
  rowsOf: (chunk: number) => number,
  ascending: boolean,
): AsyncGenerator<Chunk> {
  /** Those that are not in a piece as a whole yet, in the order of their inner ends. */
  let open: Candidate[] = [];
  let { from, to } = span;
  let number = 0;
  const chunkUntil = (cut: number): Chunk => {
    const chunk = ascending ? { from, to: cut } : { from: cut, to };
    const reads = readsOf(open, chunk);
    if (ascending) from = cut;
    else to = cut;
    number++;
    return { ...chunk, reads };
  };
  const innerEnd = ({ first, end }: Candidate) => (ascending ? end : first);
  for await (const { candidates, next } of portions) {
    open = [...open, ...candidates].sort((a, b) => (ascending ? a.end - b.end : b.first - a.first));
    // All of this side of it is known.
    const known = ascending
      ? Math.min(next ? next.firstMicros : span.to, span.to)
      : Math.max(next ? next.lastMicros + 1 : span.from, span.from);
    const isKnown = (at: number) => (ascending ? at <= known : at >= known);
    for (;;) {
      const target = rowsOf(number);
      let rows = 0;
      let taken = 0;
      let cut: number | null = null;
      for (let one = open[0]; one && isKnown(innerEnd(one)) && rows < target; one = open[taken]) {
        rows += one.rows;
        cut = innerEnd(one);
        taken++;
      }
      // The last piece of what is known ends where that does.
      if (taken === open.length) cut = known;
      const isLast = next === undefined && taken === open.length;
      const mayEnd = rows >= target || isLast || (target !== Number.POSITIVE_INFINITY && cut !== null);
      if (!mayEnd || cut === null) break;
      // Candidates that end at the same moment are cut together.
      if (ascending ? cut > from : cut < to) yield chunkUntil(cut);
      open = open.slice(taken);
      if (rows < target) break;
    }
  }
}

/** All of a span as pieces of hardly more rows than `most`, as far as candidates are no larger; those where nothing can match are left out. */
export function cutChunks(candidates: readonly Candidate[], span: Span, most: number): Chunk[] {
  const cuts: number[] = [];
  let rows = 0;
  let end = span.from;
  for (const candidate of [...candidates].sort((a, b) => a.end - b.end)) {
    if (rows + candidate.rows > most && end > (cuts.at(-1) ?? span.from) && end < candidate.end) {
      cuts.push(end);
      rows = 0;
    }
    rows += candidate.rows;
    end = candidate.end;
  }
  return [...cuts, span.to].flatMap((to, index) => {
    const from = cuts[index - 1] ?? span.from;
    const reads = readsOf(candidates, { from, to });
    return reads.length === 0 ? [] : [{ from, to, reads }];
  });
}

function readsOf(candidates: readonly Candidate[], { from, to }: Span): Chunk["reads"] {
  const spans = new Map<Segment, Span[]>();
  for (const { segment, first, end } of candidates) {
    if (first >= to || end <= from) continue;
    const ofFile = spans.get(segment) ?? [];
    ofFile.push({ from: Math.max(first, from), to: Math.min(end, to) });
    spans.set(segment, ofFile);
  }
  return [...spans].map(([segment, ofFile]) => ({ segment, spans: united(ofFile) }));
}

/** Spans that overlap become one: entries must not be read twice. */
function united(spans: Span[]): Span[] {
  spans.sort((a, b) => a.from - b.from);
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  const [first, last] = [result[0], result.at(-1)];
  return result.length > MOST_SPANS && first && last ? [{ from: first.from, to: last.to }] : result;
}
