import { type CanonicalPatterns, readCanonicalPatterns } from "@/core/analytics/resolve-stats";
import type { TextCounts } from "@/core/analytics/text-counts";
import { LIMITS } from "@/core/limits";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { countMostFrequent, countTexts } from "./count-texts";
import { findFacetFields } from "./find-facet-fields";
import { numberBars } from "./number-bars";
import { fieldOf } from "./query/field-names";
import { fold } from "./query/fold";
import type { QueryNode } from "./query/query-tree";
import { resolvePatterns } from "./query/resolve-patterns";
import type { Facet, Facets } from "./schemas";
import type { Sought } from "./scope";

export type FacetsAsked = Sought & {
  /** Only of this field. */
  field?: string;
  /** Only values that hold this text, whatever its case. */
  search?: string;
  /** How long they may be counted, in ms; absent: LIMITS.facetsMs. */
  withinMs?: number;
};

/**
 * The most frequent values of each field among all that a query selects, hot and sealed, with how often they come: service, level, tag, then
 * attributes by how many entries have them. What the time did not suffice for is left out, and `is_all` says so. Of a field with more values than are
 * counted one by one, those are listed of which it is certain that no other comes more often.
 * @throws Fault too_busy when too many wait
 */
export async function getFacets(context: EntriesContext, asked: FacetsAsked): Promise<Facets> {
  const { field, search = "", signal, withinMs = LIMITS.facetsMs } = asked;
  const { fields: names, isAll: areAll } =
    field === undefined
      ? await findFacetFields(context, asked, withinMs / 2)
      : { fields: [{ name: field, areIds: false }], isAll: true };
  const looked = new Map(names.flatMap(({ name, areIds }) => (areIds ? [] : [[name, null] as const])));
  const resolved = await resolvePatterns(context.db, asked.query);
  const query = field === undefined || search === "" ? resolved : withValue(resolved, field, search);
  const isWanted = holding(fold(search));
  const missing = new Missing();
  const counted = { sought: { ...asked, query }, missing, isKept: search === "" };
  const { long } = context.turns;
  long.admit();
  const { counts, entries, isDone, frequent } = await long.run(signal, async () => {
    const startedMs = performance.now();
    const all = await countTexts(context, counted, looked, withinMs);
    const leftMs = Math.max(0, Math.floor(withinMs - (performance.now() - startedMs)));
    const frequent = all.isDone ? await countMostFrequent(context, counted, all.counts, isWanted, leftMs) : null;
    return { ...all, frequent };
  });
  const canonical = await readCanonicalPatterns(context, [...looked.keys()].map(fieldOf));
  const most = field === undefined ? LIMITS.facetListed : LIMITS.facetSearched;
  const facets = names.map(({ name }): Facet => {
    const its = counts.get(name);
    if (!its) return { name, entries: null, different: null, has_longer: false, values: [], numbers: null };
    const ofField = fieldOf(name).name === "pattern" ? asCanonical(its, canonical) : its;
    return {
      name,
      ...valuesOf(ofField, frequent?.get(name), most, isWanted),
      numbers: search === "" ? numbersOf(ofField) : null,
    };
  });
  return {
    sampled: entries,
    is_all: isDone && areAll && missing.isNothing,
    ...missing.told(),
    fields: facets.filter(({ entries }) => entries !== 0 || field !== undefined),
  };
}

/** @param search folded */
const holding =
  (search: string) =>
  (value: string): boolean =>
    search === "" || fold(value).includes(search);

/** The query, and that one of the values of the field holds a text, where a query can say so. */
function withValue(query: QueryNode, name: string, search: string): QueryNode {
  const field = fieldOf(name);
  if (field.name === "level" || field.name === "pattern") return query;
  const test = { op: "contains", pattern: [fold(search)] } as const;
  return { kind: "and", children: [query, { kind: "match", field, test }] };
}

/** Patterns as those for which they count, as a condition on one finds them. */
const asCanonical = ({ texts, ...counts }: TextCounts, canonical: CanonicalPatterns): TextCounts => ({
  ...counts,
  texts: texts && summed([...texts].map(([pattern, count]) => [canonical.get(pattern) ?? pattern, count] as const)),
});

/** @param frequent where there are too many values to be counted one by one, those that were counted all the same */
function valuesOf(
  { having, texts, tooLong }: TextCounts,
  frequent: ReadonlyMap<string, number> | undefined,
  most: number,
  isWanted: (value: string) => boolean,
): Pick<Facet, "entries" | "different" | "has_longer" | "values"> {
  const found = [...(texts ?? frequent ?? [])].filter(([value]) => isWanted(value));
  return {
    entries: having,
    different: texts === null || tooLong > 0 ? null : found.length,
    has_longer: tooLong > 0,
    values: found
      .sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([value, count]) => ({ value, count })),
  };
}

/** Fewer different numbers are choices by themselves, such as status codes. */
const FEW_NUMBERS = 10;

function numbersOf({ texts, steps, least, greatest, notNumbers }: TextCounts): Facet["numbers"] {
  if (least === null || greatest === null || notNumbers > 0) return null;
  if (texts !== null && texts.size <= FEW_NUMBERS) return null;
  const counts = texts === null ? steps : summed([...texts].map(([text, count]) => [Number(text), count] as const));
  return { least, greatest, bars: numberBars(counts, { least, greatest }) };
}

/** A number may be written in several ways, and a pattern count as another one. */
function summed<Key>(counts: Iterable<readonly [Key, number]>): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}
