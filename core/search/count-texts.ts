import { Grouping } from "@/core/analytics/group-entries";
import type { Call } from "@/core/analytics/pipe-tree";
import { optionsOf, type Question } from "@/core/analytics/question";
import { readGroups } from "@/core/analytics/read-groups";
import { Room } from "@/core/analytics/room";
import { CountingTexts, type TextCounts } from "@/core/analytics/text-counts";
import { UTC, ZoneClock } from "@/core/analytics/zone-clock";
import { HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { withinTime } from "@/core/within-time";
import { fieldOf } from "./query/field-names";
import type { Sought } from "./scope";

/** Whose values are counted. */
export type Counted = {
  sought: Sought;
  missing: Missing;
  /** Whether somebody may ask for the same again. */
  isKept: boolean;
};

export type CountedTexts = {
  /** By the name of the field. */
  counts: ReadonlyMap<string, TextCounts>;
  entries: number;
  /** The time sufficed for all of them. */
  isDone: boolean;
};

/**
 * How often each value of fields comes, each once an entry.
 * @param fields by their names, which of the values are counted; null: all
 * @param withinMs what was not counted by then is left out
 */
export async function countTexts(
  context: EntriesContext,
  { sought, missing, isKept }: Counted,
  fields: ReadonlyMap<string, readonly string[] | null>,
  withinMs: number,
): Promise<CountedTexts> {
  const question = questionOf(
    [...fields].map(([name, among]) => ({ kind: "texts", field: fieldOf(name), ...(among && { among }) })),
  );
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  const isDone = await withinTime(
    { withinMs, signal: sought.signal },
    async (signal) => {
      await readGroups(context, sought, question, grouping, { missing, signal, isKept });
      return true;
    },
    () => false,
  );
  const counts = new Map<string, TextCounts>();
  for (const [place, name] of [...fields.keys()].entries()) {
    const measure = grouping.ofAll(place);
    if (measure instanceof CountingTexts) counts.set(name, measure.counts());
  }
  return { counts, entries: grouping.entries, isDone };
}

function questionOf(calls: readonly Call[]): Question {
  return {
    stats: { measures: calls.map((call) => ({ name: "", call, condition: null })), by: [] },
    stepMs: null,
    // Nothing of facets is by the second.
    span: { from: 0, to: HOUR_MS },
    clock: new ZoneClock(UTC),
    grainMs: HOUR_MS,
    canonical: new Map(),
  };
}

/**
 * The most frequent values of those fields that have too many to be counted one by one, with how often each comes: those of which it is certain
 * that no other value comes more often. A second look at the entries counts those that the first one found likely.
 * @param isWanted which values are to be looked at
 * @returns by the name of the field; nothing where the time did not suffice
 */
export async function countMostFrequent(
  context: EntriesContext,
  counted: Counted,
  first: CountedTexts["counts"],
  isWanted: (text: string) => boolean,
  withinMs: number,
): Promise<Map<string, ReadonlyMap<string, number>>> {
  const likely = [...first].flatMap(([name, { frequent }]) => {
    // Several patterns may count as one: how often each comes at most says nothing of it.
    if (frequent === null || fieldOf(name).name === "pattern") return [];
    const { texts, others } = frequent.candidates(LIMITS.facetSearched, isWanted);
    return texts.length > 0 ? [{ name, texts, others }] : [];
  });
  if (likely.length === 0) return new Map();
  const asked = new Map(likely.map(({ name, texts }) => [name, texts]));
  const { counts, isDone } = await countTexts(context, counted, asked, withinMs);
  if (!isDone) return new Map();
  return new Map(
    likely.map(({ name, others }) => {
      const texts = counts.get(name)?.texts ?? [];
      return [name, new Map([...texts].filter(([, count]) => count > others))];
    }),
  );
}
