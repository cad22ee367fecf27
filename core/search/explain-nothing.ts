import pLimit from "p-limit";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { EntriesContext } from "@/core/segments/segments";
import { parseQuery, tryParse } from "./query/parse";
import type { QueryNode } from "./query/query-tree";
import { inQuotes, quoteValue } from "./query/quote-value";
import type { AskedQuery } from "./query/read-query";
import type { OtherReading } from "./query/reading-schemas";
import { type QueryParts, splitQuery } from "./query/split-query";
import type { NothingFound } from "./schemas";
import type { Sought } from "./scope";
import { searchLogs } from "./search-logs";

/** What was asked, and in what, when it found nothing. */
export type AskedSearch = Sought & {
  asked: AskedQuery;
  /** What parameters of the request add to a query. */
  narrow(tree: QueryNode): QueryNode;
  /** The same as conditions. */
  conditions: readonly string[];
  /** From the oldest entry that can be there to the newest. */
  kept: { from: Date; to: Date };
};

const MOST_PARTS = 12;
const MOST_NEARBY = 8;
const MOST_SUGGESTIONS = 4;
/** Looks at once: one search must not take the places of as many others. */
const CONCURRENT = 2;

/**
 * Why a search finds nothing: which of its parts find nothing by themselves in that time, which queries near it do find
 * something, and whether another time has some. Looks for one entry each, as far as LIMITS.explainMs allow.
 * @throws Fault too_busy when too many searches wait
 */
export async function explainNothing(context: EntriesContext, search: AskedSearch): Promise<NothingFound> {
  const { asked, conditions, narrow, kept, service, signal, from, to } = search;
  const endMs = context.clock.now().getTime() + LIMITS.explainMs;
  const atOnce = pLimit(CONCURRENT);
  let isComplete = true;
  /** The time of the newest; undefined when there was no time to look. */
  const look = async (sought: Pick<Sought, "query" | "service" | "from" | "to">) => {
    const withinMs = endMs - context.clock.now().getTime();
    const found = withinMs > 0 ? await searchLogs(context, { ...sought, signal, limit: 1, withinMs }) : null;
    const [first] = found?.entries ?? [];
    if (first) return first.timestamp;
    if (found?.timed_out === false && found.complete) return null;
    isComplete = false;
    return undefined;
  };
  const newest = (sought: Parameters<typeof look>[0]) => atOnce(look, sought);
  const query = narrow(asked.tree);
  const before = kept.from < from ? newest({ query, service, from: kept.from, to: from }) : null;
  const after = to < kept.to ? newest({ query, service, from: to, to: kept.to }) : null;
  const lookAtParts = async () => {
    const split = partsOf(asked.query);
    const texts = [...conditions, ...split.parts].slice(0, MOST_PARTS);
    const times = await Promise.all(texts.map((text) => newest({ query: parseQuery(text), from, to })));
    const parts = texts.map((text, index) => ({ text, finds: isThere(times[index]) }));
    const near = nearby(search, split, parts);
    const found = await Promise.all(near.map(({ tree }) => newest({ query: narrow(tree), service, from, to })));
    const instead = near.filter((_, index) => isThere(found[index])).map(({ reading }) => reading);
    return { parts, instead: instead.slice(0, MOST_SUGGESTIONS) };
  };
  try {
    const [parts, newest_before, newest_after] = await Promise.all([lookAtParts(), before, after]);
    return {
      ...parts,
      newest_before: newest_before ?? null,
      newest_after: newest_after ?? null,
      is_complete: isComplete,
    };
  } finally {
    // After a failure nobody wants the others.
    atOnce.clearQueue();
  }
}

const isThere = (time: string | null | undefined) => (time === undefined ? null : time !== null);

/** Of a query that is one phrase the parts are its words. */
function partsOf(query: string): QueryParts {
  const split = splitQuery(query);
  const [only = ""] = split.parts;
  if (split.parts.length !== 1 || !/^".*\s.*"$/s.test(only)) return split;
  const text = only.slice(1, -1).replaceAll(/\\([^\p{L}\p{N}])/gu, "$1");
  return { isAnd: true, parts: [...new Set(text.trim().split(/\s+/))].map(asWord) };
}

const asWord = (word: string) => (/^(?:AND|OR|NOT)$/.test(word) ? inQuotes(word) : quoteValue(word));

/** A query near another one, and its tree. */
type Near = { reading: OtherReading; tree: QueryNode };

/** Queries that are near what was asked, the nearest first; none that would be refused, as one in quotes is longer. */
function nearby(
  { asked, conditions }: AskedSearch,
  { isAnd, parts }: QueryParts,
  looked: NothingFound["parts"],
): Near[] {
  const near = new Map<string, Near>();
  const add = (taken_as: string, query: string) => {
    if (query === "" || query === asked.query || near.has(query)) return;
    const tree = tryParse(query);
    if (!isFault(tree)) near.set(query, { reading: { taken_as, query }, tree });
  };
  for (const { instead } of asked.readings) for (const { taken_as, query } of instead) add(taken_as, query);
  if (parts.length > 1) add("text", inQuotes(asked.query.trim()));
  if (!isAnd) return [...near.values()];
  const missing = looked
    .filter(({ text, finds }) => finds === false && !conditions.includes(text))
    .map(({ text }) => text);
  const without = (left: readonly string[]) => parts.filter((part) => !left.includes(part)).join(" ");
  if (missing.length > 0) add(`without ${missing.join(" ")}`, without(missing));
  else {
    add("its words, in any order", parts.join(" "));
    for (const part of parts.slice(0, MOST_PARTS)) add(`without ${part}`, without([part]));
  }
  return [...near.values()].slice(0, MOST_NEARBY);
}
