import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import type { Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { type Chunk, candidatesOf, planChunks, type Span } from "@/core/segments/read/plan-chunks";
import { readEntries, type SealedOrder } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import type { Words } from "@/core/segments/word-filter";
import type { EntryRow } from "./entry-row";
import type { QueryNode } from "./query/query-tree";
import { requiredWords } from "./query/required-words";
import { toDuckdb } from "./query/to-duckdb";
import { foldEntry, type Predicate, toPredicate } from "./query/to-predicate";

/** A query, as what is sealed is asked. */
export type SealedScope = {
  /** Selects at least what the query does. */
  condition: SQL;
  /** Decides; null: the condition does. */
  matches: Predicate | null;
  words: Words;
  service: string | undefined;
};

/** @param service only its entries */
export function sealedScopeOf(query: QueryNode, service: string | undefined): SealedScope {
  const { condition, isExact } = toDuckdb(query);
  return {
    condition: service === undefined ? condition : sql`(service = ${service} and ${condition})`,
    matches: isExact ? null : toPredicate(query),
    words: requiredWords(query),
    service,
  };
}

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
  order: SealedOrder;
  /** And this must hold. */
  also?: SQL;
  limit: number;
  /** Takes down what can't be read. */
  missing: Missing;
  signal?: AbortSignal | undefined;
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
    for await (const found of readChunk(context, search, span, left)) {
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
  for await (const chunk of chunksOf(context, search)) yield* readChunk(context, search, chunk, null);
}

async function* readChunk(
  context: EntriesContext,
  { scope: { condition, matches }, order, also = sql`true`, missing, signal }: Omit<SealedSearch, "limit">,
  chunk: Chunk,
  limit: number | null,
): AsyncGenerator<EntryRow[]> {
  const asked = { condition: sql`${condition} and ${also}`, order, limit: matches ? null : limit, missing, signal };
  for await (const rows of readEntries(context, chunk, asked)) {
    yield matches ? rows.filter((row) => matches(foldEntry(row))) : rows;
  }
}

/** The pieces of a span that may have matches, each of which is read at once. */
export async function* chunksOf(
  { db, segments: sealed }: { db: Executor; segments: EntriesContext["segments"] },
  { segments, scope, span, order }: Pick<SealedSearch, "segments" | "scope" | "span" | "order">,
): AsyncGenerator<Chunk> {
  const { service, words, matches } = scope;
  const possible = segments.filter(({ services }) => !service || !services || services.includes(service));
  const blocks = await sealed.blocks.of(
    db,
    possible.map(({ id }) => id),
  );
  const most = matches ? MOST_ROWS_INEXACT : MOST_ROWS;
  // Of numbers nothing is known by piece: all of it is one.
  const rowsOf = (number: number) =>
    order === "by id" ? Number.POSITIVE_INFINITY : Math.min(FIRST_ROWS * GROW_BY ** number, most);
  yield* planChunks(candidatesOf(possible, blocks, words, span), span, rowsOf, order === "oldest first");
}
