import { Grouping } from "@/core/analytics/group-entries";
import type { Measure } from "@/core/analytics/pipe-tree";
import { optionsOf, type Question } from "@/core/analytics/question";
import { readGroups } from "@/core/analytics/read-groups";
import { type CanonicalPatterns, readCanonicalPatterns } from "@/core/analytics/resolve-stats";
import { Room } from "@/core/analytics/room";
import { CountingTexts, type TextCounts } from "@/core/analytics/text-counts";
import { UTC, ZoneClock } from "@/core/analytics/zone-clock";
import { HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { withinTime } from "@/core/within-time";
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
 * attributes by how many entries have them. What the time did not suffice for is left out, and `is_all` says so.
 * @throws Fault too_busy when too many wait
 */
export async function getFacets(context: EntriesContext, asked: FacetsAsked): Promise<Facets> {
  const { field, search = "", signal, withinMs = LIMITS.facetsMs } = asked;
  const { fields: names, isAll: areAll } =
    field === undefined
      ? await findFacetFields(context, asked, withinMs / 2)
      : { fields: [{ name: field, areIds: false }], isAll: true };
  const counted = names.filter(({ areIds }) => !areIds).map(({ name }) => name);
  const resolved = await resolvePatterns(context.db, asked.query);
  const query = field === undefined || search === "" ? resolved : withValue(resolved, field, search);
  const question = questionOf(counted);
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  const canonical = await readCanonicalPatterns(context, question.stats);
  const missing = new Missing();
  const { long } = context.turns;
  long.admit();
  const isDone = await long.run(signal, () =>
    withinTime(
      { withinMs, signal },
      async (ended) => {
        const options = { missing, signal: ended, isKept: search === "" };
        await readGroups(context, { ...asked, query }, question, grouping, options);
        return true;
      },
      () => false,
    ),
  );
  const facets = names.map(({ name, areIds }): Facet => {
    const measure = grouping.ofAll(counted.indexOf(name));
    if (areIds || !(measure instanceof CountingTexts))
      return { name, entries: null, different: null, has_longer: false, values: [], numbers: null };
    return facetOf(
      name,
      fieldOf(name).name === "pattern" ? asCanonical(measure.counts(), canonical) : measure.counts(),
      field === undefined ? LIMITS.facetListed : LIMITS.facetSearched,
      fold(search),
    );
  });
  return {
    sampled: grouping.entries,
    is_all: isDone && areAll && missing.isNothing,
    ...missing.told(),
    fields: facets.filter(({ entries }) => entries !== 0 || field !== undefined),
  };
}

function questionOf(names: readonly string[]): Question {
  const measures = names.map(
    (name): Measure => ({ name, call: { kind: "texts", field: fieldOf(name) }, condition: null }),
  );
  const clock = new ZoneClock(UTC);
  return {
    stats: { measures, by: [] },
    stepMs: null,
    // Nothing of facets is by the second.
    span: { from: 0, to: HOUR_MS },
    clock,
    grainMs: HOUR_MS,
    canonical: new Map(),
  };
}

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

/** @param search folded text that values must hold */
function facetOf(name: string, counts: TextCounts, most: number, search: string): Facet {
  const { having, texts, tooLong } = counts;
  const found = [...(texts ?? [])].filter(([value]) => search === "" || fold(value).includes(search));
  return {
    name,
    entries: having,
    different: texts === null || tooLong > 0 ? null : found.length,
    has_longer: tooLong > 0,
    values: found
      .sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([value, count]) => ({ value, count })),
    numbers: search === "" ? numbersOf(counts) : null,
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
