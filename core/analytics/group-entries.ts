import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import type { EntryRow } from "@/core/search/entry-row";
import type { Field } from "@/core/search/query/query-tree";
import { foldEntry, type Predicate, toPredicate } from "@/core/search/query/to-predicate";
import type { Accumulator, AccumulatorOptions, Cell } from "./accumulator";
import { accumulatorOf } from "./accumulators";
import type { Groups } from "./groups";
import type { Call, Key, Measure, Stats } from "./pipe-tree";
import type { CanonicalPatterns } from "./resolve-stats";
import type { Room } from "./room";
import { textsOf } from "./values-of";
import type { ZoneClock } from "./zone-clock";

/** A table as it is made: a cell for each column in each row. */
export type Table = { columns: Column[]; rows: Cell[][] };

export type Column = {
  name: string;
  /** Times are RFC 3339; of an entry's values the text is given, as it was sent. */
  type: "time" | "text" | "number";
  /** As a query names it, where entries are grouped by it: a row's value is a condition on its entries. */
  field: string | null;
  /** What a group without entries has, of which there is no row: 0 of counts. */
  empty: 0 | null;
  /** What groups have of it adds up to what all of them have: counts, rates and sums. */
  adds: boolean;
  /** What its measure takes only, as a query that was written; null where it takes all. */
  condition: string | null;
};

type Group = { keys: readonly Cell[]; accumulators: Accumulator[] };

/** What is to be known of an entry, or of many that are alike. */
export type Facts = {
  /** Of its time, since 1970. */
  micros: number;
  id: bigint;
  textsOf(field: Field): readonly string[];
  /** Digests of the values that entries which are alike otherwise have of a field, beside the texts; absent: none. */
  digestsOf?(field: Field): Buffer | null;
  /** Whether it is taken by a measure, by its place. */
  isOf(measure: number): boolean;
};

/** From inclusive, to exclusive. */
export type TimeSpan = { from: number; to: number };

export type GroupingOptions = {
  /** Of the key `time`. */
  stepMs: number;
  /** That the whole is of, in ms since 1970. */
  span: TimeSpan;
  /** As which patterns count. */
  canonical: CanonicalPatterns;
  /** By which steps, hours and weekdays go. */
  clock: ZoneClock;
  room: Room;
};

type KeyOf = (facts: Facts) => readonly Cell[];

const MICROS = 1_000;
const NO_ORDER = { micros: 0, id: 0n };
/** Of a group and one measure of it, beside its keys and the values that the measure keeps. */
const GROUP_BYTES = 200;

/** Puts entries into groups, one after the other in any order, and gives the table of them. */
export class Grouping {
  private readonly groups = new Map<string, Group>();
  private readonly keys: readonly KeyOf[];
  private readonly conditions: readonly (Predicate | null)[];
  private bytes = 0;
  /** How many it has taken in. */
  entries = 0;
  private readonly leftOut: number[];
  /** Of those that an entry is in: a value that is left out is told once, in however many groups it is missing. */
  private isFirstGroup = true;
  private readonly accumulatorOptions: readonly AccumulatorOptions[];

  constructor(
    private readonly stats: Stats,
    private readonly options: GroupingOptions,
  ) {
    this.keys = stats.by.map((key) => keyOf(key, options));
    this.conditions = stats.measures.map(({ condition }) => condition && toPredicate(condition));
    this.leftOut = stats.measures.map(() => 0);
    this.accumulatorOptions = stats.measures.map((_, index) => ({
      keep: (bytes) => this.keep(bytes),
      leaveOut: (values) => {
        if (this.isFirstGroup) this.leaveOut(index, values);
      },
    }));
    // Without keys there is one group, also of nothing.
    if (stats.by.length === 0) this.groupOf([]);
  }

  /** @throws Fault invalid when there are too many groups, or values to keep */
  addEntry(entry: EntryRow): void {
    const folded = this.conditions.some((condition) => condition !== null) ? foldEntry(entry) : null;
    this.add({
      micros: Number(entry.micros),
      id: BigInt(entry.id),
      textsOf: (field) => textsOf(field, entry),
      isOf: (measure) => {
        const matches = this.conditions[measure] ?? null;
        return matches === null || (folded !== null && matches(folded));
      },
    });
  }

  /**
   * @param weight so many entries are alike
   * @throws Fault invalid when there are too many groups, or values to keep
   */
  add(found: Facts, weight = 1): void {
    const { canonical } = this.options;
    const facts =
      canonical.size === 0 ? found : { ...found, textsOf: (field: Field) => this.countedTexts(field, found) };
    this.entries += weight;
    const choices = this.keys.map((of) => of(facts));
    const texts = this.stats.measures.map(({ call: { field } }, index) =>
      field && facts.isOf(index) ? facts.textsOf(field) : NO_TEXTS,
    );
    const digests = facts.digestsOf && this.digestsOf(facts);
    this.isFirstGroup = true;
    for (const keys of combinations(choices)) {
      const { accumulators } = this.groupOf(keys);
      for (let index = 0; index < accumulators.length; index++) {
        if (facts.isOf(index)) accumulators[index]?.add(texts[index] ?? NO_TEXTS, facts, weight);
      }
      for (const [index, ofMeasure] of digests ?? []) accumulators[index]?.addDigests?.(ofMeasure);
      this.isFirstGroup = false;
    }
  }

  /** By the place of the measure, of those that take in digests. */
  private digestsOf(facts: Facts): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    for (const [index, { call }] of this.stats.measures.entries()) {
      const digests = call.field && facts.isOf(index) ? facts.digestsOf?.(call.field) : null;
      if (digests) found.set(index, digests);
    }
    return found;
  }

  /** Of a measure of the group of all: so many entries have these values. They must be added as entries too. */
  addValues(measure: number, texts: readonly string[], weight: number): void {
    this.isFirstGroup = true;
    this.groupOf([]).accumulators[measure]?.add(texts, NO_ORDER, weight);
  }

  /** What a measure of the group of all has. */
  ofAll(measure: number): Accumulator | undefined {
    return this.groupOf([]).accumulators[measure];
  }

  /** All that it has taken in, for merge(). Nothing is to be added after that. */
  taken(): Groups {
    const groups = [...this.groups.values()].map(
      ({ keys, accumulators }) => [keys, accumulators.map((accumulator) => accumulator.state())] as const,
    );
    return { entries: this.entries, leftOut: this.leftOut, groups };
  }

  /**
   * Takes in what another one of the same statistics has, as if it had taken in the same entries.
   * @throws Fault invalid when there are too many groups, or values to keep
   */
  merge({ entries, leftOut, groups }: Groups): void {
    this.entries += entries;
    for (const [measure, values] of leftOut.entries()) this.leaveOut(measure, values);
    for (const [keys, states] of groups) {
      const { accumulators } = this.groupOf(keys);
      for (const [measure, state] of states.entries()) accumulators[measure]?.merge(state);
    }
  }

  get room(): Room {
    return this.options.room;
  }

  /** About how many bytes of the room it has taken. */
  get size(): number {
    return this.bytes;
  }

  table(): Table {
    const secondsOf = secondsByKeys(this.stats, this.options);
    const rows = [...this.groups.values()].map(({ keys, accumulators }) => {
      const seconds = secondsOf(keys);
      return [...keys, ...accumulators.map((accumulator) => accumulator.result(seconds))];
    });
    return { columns: columnsOf(this.stats), rows };
  }

  /** By the name of the measure, how many values were no numbers; only where there are some. */
  get notNumbers(): Record<string, number> {
    return Object.fromEntries(
      this.stats.measures.flatMap(({ name }, index) => (this.leftOut[index] ? [[name, this.leftOut[index]]] : [])),
    );
  }

  /** Of a pattern that counts as another, that one: what is shown of a group is what a search for it finds. */
  private countedTexts(field: Field, facts: Facts): readonly string[] {
    const texts = facts.textsOf(field);
    return field.name === "pattern" ? texts.map((id) => this.options.canonical.get(id) ?? id) : texts;
  }

  private groupOf(keys: readonly Cell[]): Group {
    const name = nameOf(keys);
    const known = this.groups.get(name);
    if (known) return known;
    if (this.groups.size >= LIMITS.computedGroups) {
      throw tooManyGroups();
    }
    this.keep(GROUP_BYTES * this.stats.measures.length + name.length * 2);
    const accumulators: Accumulator[] = [];
    for (const [index, options] of this.accumulatorOptions.entries()) {
      const call = this.stats.measures[index]?.call;
      if (call) accumulators.push(accumulatorOf(call, options));
    }
    const group = { keys, accumulators };
    this.groups.set(name, group);
    return group;
  }

  private leaveOut(measure: number, values: number): void {
    this.leftOut[measure] = (this.leftOut[measure] ?? 0) + values;
  }

  private keep(bytes: number): void {
    this.bytes += bytes;
    this.options.room.take(bytes);
  }
}

/** @returns Fault invalid: of more groups than LIMITS.computedGroups the memory would not be bounded */
export const tooManyGroups = () =>
  invalid(`there are more than ${LIMITS.computedGroups} groups: group by less, or narrow the query or its time`);

/** Of the table: the keys in their order, then the measures in theirs. */
export const columnsOf = ({ by, measures }: Stats): Column[] => [...by.map(keyColumn), ...measures.map(measureColumn)];

/** The cells of those keys that go by time alone, by the micros of a time. */
export function timesOf({ by }: Stats, options: Pick<GroupingOptions, "stepMs" | "clock">) {
  const keys = by.flatMap((key) => (key.of.kind === "field" ? [] : [keyOf(key, options)]));
  return (micros: number): readonly Cell[] => keys.flatMap((of) => of({ ...NO_FACTS, micros }));
}

/** How many seconds a group is of, by its keys: over time that part of its step which lies in the whole, else the whole. */
export function secondsByKeys({ by }: Stats, { stepMs, clock, span }: Omit<GroupingOptions, "room" | "canonical">) {
  const whole = (span.to - span.from) / 1_000;
  const place = by.findIndex(({ of }) => of.kind === "time");
  if (place < 0) return () => whole;
  const known = new Map<Cell, number>();
  return (keys: readonly Cell[]): number => {
    const cell = keys[place] ?? null;
    let seconds = known.get(cell);
    if (seconds === undefined) {
      const start = Date.parse(String(cell));
      const [from, to] = [Math.max(span.from, start), Math.min(span.to, clock.stepEnd(start, stepMs))];
      seconds = (to - from) / 1_000;
      known.set(cell, seconds);
    }
    return seconds;
  };
}

const keyColumn = ({ name, of }: Key): Column => ({
  name,
  type: KEY_TYPES[of.kind],
  field: of.kind === "field" ? name : of.kind === "time" ? "timestamp" : null,
  empty: null,
  adds: false,
  condition: null,
});

const COUNTS: readonly Call["kind"][] = ["count", "rate", "count_distinct"];
const ADDING: readonly Call["kind"][] = ["count", "rate", "sum"];

const KEY_TYPES = { time: "time", field: "text", hour: "number", weekday: "number" } as const;

const measureColumn = ({ name, call, conditionText }: Measure): Column => {
  const isText = call.kind === "first" || call.kind === "last";
  const type = !isText ? "number" : call.field.name === "timestamp" ? "time" : "text";
  const empty = COUNTS.includes(call.kind) ? 0 : null;
  return { name, type, field: null, empty, adds: ADDING.includes(call.kind), condition: conditionText ?? null };
};

/** The same for no other cells: texts with their lengths, so that nothing within them ends one. By hand, as JSON takes several times as long. */
function nameOf(keys: readonly Cell[]): string {
  let name = "";
  for (const key of keys) name += typeof key === "string" ? `${key.length}:${key}` : `${key},`;
  return name;
}

function keyOf({ of }: Key, { stepMs, clock }: Pick<GroupingOptions, "stepMs" | "clock">): KeyOf {
  switch (of.kind) {
    case "time": {
      const known = new Map<number, readonly Cell[]>();
      return ({ micros }) => {
        const start = clock.stepAt(Math.floor(micros / MICROS), stepMs);
        let cells = known.get(start);
        if (cells === undefined) {
          cells = [isoOfMicros(start * MICROS)];
          known.set(start, cells);
        }
        return cells;
      };
    }
    case "hour":
      return ({ micros }) => [clock.hourAt(Math.floor(micros / MICROS))];
    case "weekday":
      return ({ micros }) => [clock.weekdayAt(Math.floor(micros / MICROS))];
    case "field":
      return (facts) => {
        const texts = facts.textsOf(of.field);
        if (texts.length === 0) return NO_VALUE;
        return texts.length === 1 ? texts : [...new Set(texts)];
      };
  }
}

const NO_FACTS: Facts = { micros: 0, id: 0n, textsOf: () => [], isOf: () => false };
const NO_VALUE: readonly Cell[] = [null];
const NO_TEXTS: readonly string[] = [];

/**
 * An entry with several values of a field is in the group of each.
 * @throws Fault invalid when these are more than may be: lists in one entry would make as many groups as they have values, multiplied
 */
function combinations(choices: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const number = choices.reduce((product, { length }) => product * length, 1);
  if (number === 1) return [choices.map(([only]) => only ?? null)];
  if (number > LIMITS.groupsOfEntry) {
    throw invalid(
      `an entry has so many values of what is grouped by that it would be in ${number} groups, and it may be in ${LIMITS.groupsOfEntry}: group by less, or narrow the query`,
    );
  }
  let all: Cell[][] = [[]];
  for (const choice of choices) all = all.flatMap((keys) => choice.map((key) => [...keys, key]));
  return all;
}
