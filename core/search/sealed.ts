import { type SQL, sql } from "drizzle-orm";
import type { Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import {
  type Chunk,
  candidatesOf,
  inOrder,
  type Portion,
  planChunks,
  type RangeTest,
  type Span,
} from "@/core/segments/read/plan-chunks";
import { readEntries, readNdjson, type SealedOrder } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import { canRuleOut, type Words } from "@/core/segments/word-filter";
import type { TakesTurns } from "@/core/turns";
import { type EntryPart, type EntryRow, partOf } from "./entry-row";
import type { QueryNode } from "./query/query-tree";
import { requiredRanges } from "./query/required-ranges";
import { requiredWords } from "./query/required-words";
import { type DuckCondition, toDuckdb } from "./query/to-duckdb";
import { foldEntry, type Predicate, toPredicate } from "./query/to-predicate";

/** A query, as what is sealed is asked. */
export type SealedScope = {
  /** Of a segment it selects at least what the query does, and just that where it says so. */
  conditionOf(segment: Segment): DuckCondition;
  /** Decides where the condition does not. */
  matches: Predicate;
  words: Words;
  ranges: RangeTest[];
  service: string | undefined;
};

/** @param service only its entries */
export function sealedScopeOf(query: QueryNode, service: string | undefined): SealedScope {
  const ofService = service === undefined ? sql`` : sql`service = ${service} and`;
  return {
    conditionOf({ attributeColumns }) {
      const columns = new Map(attributeColumns.map((column) => [column.path, column]));
      const { condition, isExact } = toDuckdb(query, columns);
      return { condition: sql`(${ofService} ${condition})`, isExact };
    },
    matches: toPredicate(query),
    words: requiredWords(query),
    ranges: requiredRanges(query),
    service,
  };
}

/** Whether the conditions say exactly what the query selects of these segments. */
export const isExactFor = ({ conditionOf }: SealedScope, segments: readonly Segment[]): boolean =>
  segments.every((segment) => conditionOf(segment).isExact);

/** Rows of the first pieces that are read; each next one has four times as many, up to the most. */
const FIRST_ROWS = 60_000;
const GROW_BY = 4;
const MOST_ROWS = 2_000_000;
/** Where every row that is read comes into memory. */
const MOST_ROWS_INEXACT = 250_000;

export type SealedSearch = {
  segments: readonly Segment[];
  scope: SealedScope;
  span: Span;
  /** Null: any. */
  order: SealedOrder | null;
  /** And this must hold. */
  also?: SQL;
  limit: number;
  /** What of each entry is read; absent: all. */
  part?: EntryPart | undefined;
  /** Takes down what can't be read. */
  missing: Missing;
  signal?: AbortSignal | undefined;
  /** As in Duck.stream. */
  turns?: TakesTurns | undefined;
};

/**
 * The entries of segments that a query selects, piece of time by piece of time, up to a limit: what a piece gives is all of its time
 * while the limit is not reached.
 */
export async function* searchSealed(
  context: EntriesContext,
  search: SealedSearch,
): AsyncGenerator<{ rows: EntryRow[]; span: Span }> {
  let left = search.limit;
  for await (const span of chunksOf(context, search)) {
    const rows: EntryRow[] = [];
    for await (const found of readFound(context, search, span, left)) {
      rows.push(...found);
      if (rows.length >= left) break;
    }
    yield { rows: rows.slice(0, left), span };
    left -= rows.length;
    if (left <= 0) return;
  }
}

/** All of them, in small pieces as they are read. */
export async function* streamSealed(
  context: EntriesContext,
  search: Omit<SealedSearch, "limit">,
): AsyncGenerator<EntryRow[]> {
  for await (const chunk of chunksOf(context, search)) yield* readFound(context, search, chunk, null);
}

/** The same as lines of NDJSON. @param linesOf makes them of entries that only the predicate can tell */
export async function* streamSealedLines(
  context: EntriesContext,
  search: Omit<SealedSearch, "limit" | "part">,
  linesOf: (rows: EntryRow[]) => string,
): AsyncGenerator<string> {
  const { scope, order, missing, signal, turns } = search;
  const conditionOf = (segment: Segment) => scope.conditionOf(segment).condition;
  for await (const chunk of chunksOf(context, search)) {
    if (isExactFor(scope, segmentsOf(chunk))) {
      yield* readNdjson(context, chunk, { conditionOf, order, missing, signal, turns });
      continue;
    }
    for await (const rows of readFound(context, search, chunk, null)) yield linesOf(rows);
  }
}

/** What is found in a piece, in pieces. @param limit null for all */
export async function* readFound(
  context: EntriesContext,
  { scope, order, also = sql`true`, part, missing, signal, turns }: Omit<SealedSearch, "limit">,
  chunk: Chunk,
  limit: number | null,
): AsyncGenerator<EntryRow[]> {
  const isExact = isExactFor(scope, segmentsOf(chunk));
  const conditionOf = (segment: Segment) => sql`${scope.conditionOf(segment).condition} and ${also}`;
  // What decides itself needs all of an entry.
  const asked = {
    conditionOf,
    order,
    limit: isExact ? limit : null,
    part: isExact ? part : undefined,
    missing,
    signal,
    turns,
  };
  for await (const rows of readEntries(context, chunk, asked)) {
    if (isExact) yield rows;
    else {
      const found = rows.filter((row) => scope.matches(foldEntry(row)));
      yield part ? found.map((row) => partOf(row, part)) : found;
    }
  }
}

/** The segments of which a piece reads something. */
export const segmentsOf = ({ reads }: Chunk): Segment[] => reads.map(({ segment }) => segment);

/**
 * The pieces of a span that may have matches, each of which is read at once; what filters say of segments is read when it comes to them.
 * By id there is one.
 */
export async function* chunksOf(
  context: Pick<EntriesContext, "db" | "segments">,
  { segments, scope, span, order, signal }: Pick<SealedSearch, "segments" | "scope" | "span" | "order" | "signal">,
): AsyncGenerator<Chunk> {
  const { service } = scope;
  const ascending = order === "oldest first";
  const possible = inOrder(
    segments.filter(({ services }) => !service || !services || services.includes(service)),
    span,
    ascending,
  );
  const most = isExactFor(scope, possible) ? MOST_ROWS : MOST_ROWS_INEXACT;
  // Of numbers nothing is known by piece: all of it is one.
  const rowsOf = (number: number) =>
    order === "by id" ? Number.POSITIVE_INFINITY : Math.min(FIRST_ROWS * GROW_BY ** number, most);
  yield* planChunks(portionsOf(context, possible, { scope, span, signal }), span, rowsOf, ascending);
}

async function* portionsOf(
  { db, segments: sealed }: Pick<EntriesContext, "db" | "segments">,
  segments: readonly Segment[],
  { scope, span, signal }: Pick<SealedSearch, "scope" | "span" | "signal">,
): AsyncGenerator<Portion> {
  const ids = segments.map(({ id }) => id);
  let at = 0;
  for await (const blocks of sealed.blocks.portions(db, ids, { withWords: canRuleOut(scope.words), signal })) {
    const ofPortion = segments.slice(at, at + blocks.size);
    at += blocks.size;
    yield { candidates: candidatesOf(ofPortion, blocks, scope, span), next: segments[at] };
  }
}
