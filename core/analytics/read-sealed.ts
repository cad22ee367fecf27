import pLimit from "p-limit";
import { HOUR_MS } from "@/core/clock";
import type { QueryNode } from "@/core/search/query/query-tree";
import { readFound, type SealedScope } from "@/core/search/sealed";
import type { Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { type Chunk, candidatesOf, cutChunks, type Span } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { canRuleOut } from "@/core/segments/word-filter";
import { Grouping, type GroupingOptions } from "./group-entries";
import { KeptGroups, type Piece } from "./kept-groups";
import { optionsOf, type Question } from "./question";
import { canTell, groupSealed, type SealedGroups, sealedGroupsOf } from "./sealed-groups";

/** What is asked of segments. */
export type SealedAsked = {
  segments: readonly Segment[];
  scope: SealedScope;
  /** Of which the scope is. */
  query: QueryNode;
  span: Span;
  missing: Missing;
  signal: AbortSignal;
  /** In the database, unless false. */
  isKept?: boolean | undefined;
};

/** Small segments are read together up to so many rows; so many of these at once. */
const READ_ROWS = 500_000;
/** Digests of values are gathered in DuckDB's memory, so that of large segments so many rows are read at once. */
const DIGESTED_ROWS = 131_072;
const CONCURRENT = 2;
const MICROS = 1_000;

/**
 * Puts what is asked for of segments into groups: of each what is kept of it, else what is computed of it and kept then.
 * @throws Fault invalid when there are too many groups, or values to keep
 */
export async function readSealed(
  context: EntriesContext,
  asked: SealedAsked,
  question: Question,
  grouping: Grouping,
): Promise<void> {
  const { scope, span, signal } = asked;
  const pieces = asked.segments
    .filter(({ services }) => !scope.service || !services || services.includes(scope.service))
    .flatMap((segment) => piecesOf(segment, span));
  const kept = new KeptGroups(context, keyOf(asked, question), asked.isKept ?? true);
  const found = new Set<Piece>();
  for await (const portion of kept.find(pieces)) {
    for (const [piece, groups] of portion) {
      found.add(piece);
      grouping.merge(groups);
    }
  }
  const groups = sealedGroupsOf(question);
  const isDigested = groups !== null && groups.digested.length > 0;
  const reads = await readsOf(
    context,
    asked,
    pieces.filter((piece) => !found.has(piece)),
    isDigested ? DIGESTED_ROWS : Number.POSITIVE_INFINITY,
  );
  const options = { ...optionsOf(question), room: grouping.room };
  const ended = new AbortController();
  const part: Part = { ...asked, groups, question, options, signal: AbortSignal.any([signal, ended.signal]) };
  const atOnce = pLimit(CONCURRENT);
  const done = await Promise.allSettled(
    batchesOf(reads, groups, scope, isDigested ? DIGESTED_ROWS : READ_ROWS).map((batch) =>
      atOnce(async () => {
        part.signal.throwIfAborted();
        try {
          const computed = await compute(context, batch, part);
          for (const { groups: one, size } of computed) {
            grouping.room.giveBack(size);
            grouping.merge(one);
          }
          await kept.keep(computed.filter(({ piece }) => !asked.missing.has(piece.segment)));
        } catch (error) {
          ended.abort(error);
          throw error;
        }
      }),
    ),
  );
  if (done.every(({ status }) => status === "fulfilled")) return;
  signal.throwIfAborted();
  throw ended.signal.reason;
}

/** All that what is computed of a segment depends on. */
const keyOf = (
  { query, scope }: SealedAsked,
  { stats: { by, measures }, stepMs, clock, canonical }: Question,
): unknown => [
  query,
  scope.service ?? null,
  by.map(({ of }) => of),
  measures.map(({ call, condition }) => [call, condition]),
  stepMs,
  clock.zone,
  [...canonical],
];

/**
 * A segment as a whole, or what of it lies in the span: by whole hours, and what is before and behind them, so that most of it is the same
 * piece again a minute later.
 */
function piecesOf(segment: Segment, span: Span): Piece[] {
  const [first, end] = [segment.firstMicros, segment.lastMicros + 1];
  const [from, to] = [Math.max(first, span.from), Math.min(end, span.to)];
  if (from >= to) return [];
  if (from === first && to === end) return [{ segment, span: { from, to }, isWhole: true }];
  const hour = HOUR_MS * MICROS;
  const inner = {
    from: from === first ? from : Math.ceil(from / hour) * hour,
    to: to === end ? to : Math.floor(to / hour) * hour,
  };
  const spans =
    inner.from < inner.to
      ? [{ from, to: inner.from }, inner, { from: inner.to, to }].filter((one) => one.from < one.to)
      : [{ from, to }];
  return spans.map((one) => ({ segment, span: one, isWhole: false }));
}

type PieceRead = { piece: Piece; chunks: readonly Chunk[]; rows: number };

/** What is to be read of pieces, of those that may have a match at all, so many rows at once at most. */
async function readsOf(
  { db, segments }: EntriesContext,
  { scope, signal }: Pick<SealedAsked, "scope" | "signal">,
  pieces: readonly Piece[],
  most: number,
): Promise<PieceRead[]> {
  const ids = [...new Set(pieces.map(({ segment }) => segment.id))];
  const reads: PieceRead[] = [];
  for await (const blocks of segments.blocks.portions(db, ids, { withWords: canRuleOut(scope.words), signal })) {
    for (const piece of pieces) {
      if (!blocks.has(piece.segment.id)) continue;
      const candidates = candidatesOf([piece.segment], blocks, scope, piece.span);
      const rows = candidates.reduce((sum, candidate) => sum + candidate.rows, 0);
      const chunks = cutChunks(candidates, piece.span, most);
      if (chunks.length > 0) reads.push({ piece, chunks, rows });
    }
  }
  return reads;
}

type Batch = { reads: readonly PieceRead[]; isGrouped: boolean };

/** What is read at once: what the files can group, of several segments, and of others one. */
function batchesOf(
  reads: readonly PieceRead[],
  groups: SealedGroups | null,
  scope: SealedScope,
  mostRows: number,
): Batch[] {
  const batches: Batch[] = [];
  let open: { reads: PieceRead[]; rows: number; segments: Set<Segment> } | null = null;
  for (const read of reads) {
    const { segment } = read.piece;
    if (groups === null || !canTell(groups, scope, [segment])) {
      batches.push({ reads: [read], isGrouped: false });
      continue;
    }
    // Rows say of which segment they are, not of which piece.
    if (!open || open.rows + read.rows > mostRows || open.segments.has(segment)) {
      open = { reads: [], rows: 0, segments: new Set() };
      batches.push({ reads: open.reads, isGrouped: true });
    }
    open.reads.push(read);
    open.segments.add(segment);
    open.rows += read.rows;
  }
  return batches;
}

type Part = SealedAsked & {
  groups: SealedGroups | null;
  question: Question;
  options: GroupingOptions;
};

async function compute(context: EntriesContext, { reads, isGrouped }: Batch, part: Part) {
  const { groups, scope, missing, signal, question, options } = part;
  const groupings = new Map(reads.map(({ piece }) => [piece.segment, new Grouping(question.stats, options)]));
  const groupingOf = (segment: Segment) => {
    const grouping = groupings.get(segment);
    if (!grouping) throw new Error("a segment was read that was not asked for");
    return grouping;
  };
  if (isGrouped && groups) {
    const chunks = reads.flatMap((read) => read.chunks);
    for (const chunk of reads.length === 1 ? chunks : [joined(chunks)]) {
      await groupSealed(context, chunk, { groups, scope, missing, signal }, groupingOf);
    }
  } else {
    for (const { piece, chunks } of reads) {
      const grouping = groupingOf(piece.segment);
      for (const chunk of chunks) {
        for await (const rows of readFound(context, { ...part, order: null }, chunk, null)) {
          signal.throwIfAborted();
          for (const row of rows) grouping.addEntry(row);
        }
      }
    }
  }
  return reads.map(({ piece }) => {
    const grouping = groupingOf(piece.segment);
    return { piece, groups: grouping.taken(), size: grouping.size };
  });
}

/** Of different segments, to be read at once. */
const joined = (chunks: readonly Chunk[]): Chunk => ({
  from: Math.min(...chunks.map(({ from }) => from)),
  to: Math.max(...chunks.map(({ to }) => to)),
  reads: chunks.flatMap(({ reads }) => reads),
});
