import type { Segment } from "../catalogue";
import { mayHave, type Words } from "../word-filter";
import type { Block } from "../write/staged-rows";

/** Times in microseconds since 1970: from inclusive, to exclusive. */
export type Span = { from: number; to: number };

export const spanOf = (from: Date, to: Date): Span => ({ from: from.getTime() * 1_000, to: to.getTime() * 1_000 });

/** A time, and what has to be read of which files to know all of its matches. */
export type Chunk = Span & { reads: { segment: Segment; spans: Span[] }[] };

/** What of the numbers at a path must hold in an entry that matches: whether numbers within these bounds may have it. */
export type RangeTest = { path: string; mayHave: (least: number, greatest: number) => boolean };

type Candidate = { segment: Segment; first: number; end: number; rows: number };

/** A file whose blocks would be read in more pieces is read as a whole. */
const MOST_SPANS = 20;

/**
 * Blocks that may have a match within the span, with what of them lies in it. A segment whose blocks are not known is one: it was
 * joined with others since it was listed, and its file is still there.
 */
export function candidatesOf(
  segments: readonly Segment[],
  blocks: ReadonlyMap<number, readonly Block[]>,
  { words, ranges }: { words: Words; ranges: readonly RangeTest[] },
  { from, to }: Span,
): Candidate[] {
  return segments.flatMap((segment) => {
    const known = ranges.filter(({ path }) => hasNumbers(segment, path));
    const ofSegment = blocks.get(segment.id);
    if (!ofSegment) return wholeOf(segment, { from, to });
    return ofSegment
      .filter((block) => block.firstMicros < to && block.lastMicros >= from)
      .filter((block) => mayHave(block.words, words) && known.every((range) => mayHaveNumber(block, range)))
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
function mayHaveNumber({ ranges }: Block, { path, mayHave }: RangeTest): boolean {
  const bounds = ranges[path];
  return bounds !== undefined && mayHave(...bounds);
}

function wholeOf(segment: Segment, { from, to }: Span): Candidate[] {
  const { firstMicros, lastMicros, rows } = segment;
  if (firstMicros >= to || lastMicros < from) return [];
  return [{ segment, first: Math.max(firstMicros, from), end: Math.min(lastMicros + 1, to), rows }];
}

/**
 * Cuts a span into pieces of about as many rows as `rowsOf` says for each, the latest first, or the earliest when `ascending`.
 * Together they hold every candidate, and each is whole: what one of them gives comes before what the next gives.
 */
export function* planChunks(
  candidates: readonly Candidate[],
  span: Span,
  rowsOf: (chunk: number) => number,
  ascending: boolean,
): Generator<Chunk> {
  const sorted = [...candidates].sort((a, b) => (ascending ? a.end - b.end : b.first - a.first));
  let { from, to } = span;
  let taken = 0;
  for (let number = 0; taken < sorted.length; number++) {
    const target = rowsOf(number);
    let rows = 0;
    while (taken < sorted.length && (rows === 0 || rows < target)) rows += sorted[taken++]?.rows ?? 0;
    const last = sorted[taken - 1];
    const isLast = taken === sorted.length;
    const cut = isLast || !last ? (ascending ? to : from) : ascending ? last.end : last.first;
    const chunk = ascending ? { from, to: cut } : { from: cut, to };
    // Candidates that begin at the same moment are cut together.
    if (chunk.from < chunk.to) yield { ...chunk, reads: readsOf(candidates, chunk) };
    if (ascending) from = cut;
    else to = cut;
  }
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
