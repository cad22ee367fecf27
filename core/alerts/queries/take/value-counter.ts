import type { Facts } from "@/core/analytics/group-entries";
import type { Stats } from "@/core/analytics/pipe-tree";
import { fieldsOf } from "@/core/analytics/resolve-stats";
import type { Field } from "@/core/search/query/query-tree";
import { type AttributeNumbers, type PathValues, UNNUMBERED } from "./attribute-numbers";
import { type Kind, type LineTest, type LineTests, levelName, type Sought } from "./line-tests";

/** Conditions of measures that are held as bits beside numbers of values. */
const MOST_CONDITIONS = 10;
/** Different combinations that are held: more are given away. */
const MOST_HELD = 20_000;
const PAIR = 2 ** 26;
const FIRST = 4_096;

type Give = (facts: Facts, weight: number) => void;

/** Whether lines that have the same values in what it looks at are alike, and those are values which are numbered. */
export function canCountValues({ by, measures }: Stats): boolean {
  return (
    by.every(
      ({ of }) => of.kind === "hour" || of.kind === "weekday" || (of.kind === "field" && isNumbered(of.field)),
    ) &&
    measures.every(({ call }) => !("field" in call && call.field && !isNumbered(call.field))) &&
    measures.every(({ call }) => call.kind !== "first" && call.kind !== "last" && call.kind !== "texts") &&
    measures.filter(({ condition }) => condition !== null).length <= MOST_CONDITIONS
  );
}

const isNumbered = ({ name }: Field) => name === "attribute" || name === "service" || name === "level";

/** In what the lines of one kind may differ, as far as statistics look at it: the same in every minute. */
export type Differing = {
  kind: Kind;
  /** Places of the paths. */
  places: readonly number[];
  /** By measure, whether a line is taken by it. */
  conditions: readonly (boolean | LineTest)[];
  tests: readonly LineTest[];
};

/** What of the lines of one kind must be looked at to count them: the values in which they differ, and the conditions that not all of them meet. */
export function differingOf(stats: Stats, kind: Kind, tests: LineTests, sought: Sought): Differing {
  const paths = fieldsOf(stats).flatMap((field) => (field.name === "attribute" ? sought.pathAt(field.path) : []));
  const conditions = stats.measures.map(({ condition }) => condition === null || tests.of(condition, kind));
  return {
    kind,
    places: [...new Set(paths)],
    conditions,
    tests: conditions.filter((condition) => typeof condition === "function"),
  };
}

/** All lines are alike: addAll() does for how many there are. */
export const isConstant = ({ places, tests }: Differing): boolean => places.length === 0 && tests.length === 0;

/** Counts how many lines of one kind and minute have the same values in what statistics look at: those are added once, with a weight. */
export class ValueCounter {
  /** By combination; of the first ones, which most lines have, in an array. */
  private readonly counts = new Map<number, number>();
  private readonly firstCounts: number[] = [];
  /** Of more than one value: pairs of what came before and the next one. */
  private readonly pairs = new Map<number, number>();
  private readonly parts: number[] = [];

  /** @param micros since 1970, of the minute @param give takes in lines that are alike */
  constructor(
    private readonly differing: Differing,
    private readonly micros: number,
    private readonly sought: Sought,
    private readonly values: readonly PathValues[],
    private readonly give: Give,
  ) {}

  /**
   * Takes in the line at which the reader is.
   * @returns false for a line of which a value has no number: it has to be added whole
   */
  add(attributes: AttributeNumbers): boolean {
    const { counts } = this;
    const { places, tests } = this.differing;
    let key = 0;
    for (let index = 0; index < places.length; index++) {
      const number = attributes.at(places[index] as number);
      if (number === UNNUMBERED) return false;
      key = index === 0 ? number + 1 : this.pairOf(key, number + 1);
    }
    for (let index = 0; index < tests.length; index++) key = key * 2 + ((tests[index] as LineTest)() ? 1 : 0);
    if (key < FIRST) {
      this.firstCounts[key] = (this.firstCounts[key] ?? 0) + 1;
      return true;
    }
    const count = counts.get(key);
    counts.set(key, (count ?? 0) + 1);
    if (count === undefined && counts.size >= MOST_HELD) this.giveAll();
    return true;
  }

  addAll(lines: number): void {
    this.firstCounts[0] = (this.firstCounts[0] ?? 0) + lines;
  }

  /** Gives away what was counted. */
  giveAll(): void {
    this.firstCounts.forEach((count, key) => {
      this.give(this.factsOf(key), count);
    });
    for (const [key, count] of this.counts) this.give(this.factsOf(key), count);
    this.firstCounts.length = 0;
    this.counts.clear();
    this.pairs.clear();
    this.parts.length = 0;
  }

  private pairOf(before: number, number: number): number {
    const key = before * PAIR + number;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = this.pairs.size;
      this.pairs.set(key, pair);
      this.parts.push(key);
    }
    return pair;
  }

  private factsOf(key: number): Facts {
    const { micros, values } = this;
    const { kind, places, tests, conditions } = this.differing;
    const bits = 2 ** tests.length;
    const passed = new Set(tests.filter((_, index) => Math.floor(key / 2 ** (tests.length - 1 - index)) % 2 === 1));
    const texts = new Map<number, readonly string[]>();
    let rest = Math.floor(key / bits);
    for (let index = places.length - 1; index >= 0; index--) {
      const part = index === 0 ? rest : (this.parts[rest] ?? 0);
      const number = (index === 0 ? part : part % PAIR) - 1;
      rest = Math.floor(part / PAIR);
      const place = places[index] as number;
      texts.set(place, number < 0 ? [] : [(values[place] as PathValues).textOf(number)]);
    }
    return {
      micros,
      id: 0n,
      textsOf: (field) => {
        if (field.name === "service") return [kind.service];
        if (field.name === "level") return [levelName(kind.level)];
        return field.name === "attribute" ? (texts.get(this.sought.pathAt(field.path)) ?? []) : [];
      },
      isOf: (measure) => {
        const condition = conditions[measure] ?? false;
        return typeof condition === "boolean" ? condition : passed.has(condition);
      },
    };
  }
}
