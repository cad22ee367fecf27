import { fieldsOf } from "@/core/analytics/resolve-stats";
import { isFault } from "@/core/errors";
import type { WrittenRows } from "@/core/ingest/read-rows";
import type { Commit } from "@/core/realtime/commits";
import type { EntryRow } from "@/core/search/entry-row";
import type { Computed } from "../load-alerts";
import { MinuteGrouping, type MinuteGroups } from "../minute-groups";
import { mayShow, visibleIn } from "../visible-in";
import { AttributeNumbers, PathValues } from "./attribute-numbers";
import { LineReader } from "./line-reader";
import { type Kind, type LineTest, LineTests, Sought } from "./line-tests";
import { canCountValues, ValueCounter } from "./value-counter";
import { WordFinder } from "./word-finder";

/** What was taken: new lines by alert, and alerts for which they are too much, with the reason. */
export type Taken = { taken: ReadonlyMap<number, MinuteGroups>; failed: ReadonlyMap<number, string> };

/** An alert as far as lines are taken for it. @property row the snapshot whose lines it has counted already */
export type TakingAlert = Computed & { id: number; row: { countedIn: string | null } };

/** What several alerts compute alike is computed once for all of them. */
type Source = {
  alerts: TakingAlert[];
  first: TakingAlert;
  grouping: MinuteGrouping;
  counts: boolean;
  problem: string | null;
};

/** A source that takes lines of a kind. @property test null: all of them */
type Chosen = { source: Source; test: LineTest | null };

/** What is done with the lines of one kind in one minute. @property byWord what takes only lines with a word, by its place */
type Lane = { lines: number; taking: Taking[]; byWord: Map<number, Taking[]>; constant: ValueCounter[] };
type Taking = Chosen & { counter: ValueCounter | null };

/** Sources that take lines of a kind, by the start of the minute. */
type Lanes = { kind: Kind; chosen: readonly Chosen[]; attributes: AttributeNumbers; byMinute: Map<number, Lane> };

/** More than there are levels. */
const LEVELS_MOST = 8;

/**
 * Holds lines against alerts, as each alert's predicate and grouping by themselves would. Lines are read as bytes; of each kind, which is a
 * service and a level, only those alerts are asked that may take some of it, only for what differs within it; and lines that are alike are
 * added together at the end.
 */
export class LineTaker {
  private readonly sources = new Map<string, Source>();
  /** Those that have counted some of the transactions before, and which. */
  private readonly apart: { source: Source; hasCounted: (transaction: string) => boolean }[] = [];
  private readonly sought = new Sought();
  private readonly values: readonly PathValues[];
  private readonly line: LineReader;
  private readonly tests: LineTests;
  /** By service. */
  private readonly attributes: AttributeNumbers[] = [];
  /** By the sources that have counted a transaction before, then by service and level. */
  private readonly families = new Map<string, Map<number, Lanes>>();
  private readonly familyOfTransaction = new Map<string, Map<number, Lanes>>();

  /** @param commits all of whose lines are taken, in the order of transactions */
  constructor(alerts: readonly TakingAlert[], commits: readonly Commit[]) {
    const [earliest] = commits;
    for (const alert of alerts) {
      // One that has counted some of these lines already is by itself.
      const hasCounted = visibleIn(alert.row.countedIn);
      const isApart =
        earliest !== undefined &&
        mayShow(alert.row.countedIn, earliest.transaction) &&
        commits.some(({ transaction }) => hasCounted(transaction));
      const key = `${isApart ? alert.id : ""} ${alert.query.text}`;
      const known = this.sources.get(key);
      if (known) known.alerts.push(alert);
      else {
        const source = this.sourceOf(alert);
        this.sources.set(key, source);
        if (isApart) this.apart.push({ source, hasCounted });
      }
    }
    this.values = this.sought.paths.map(() => new PathValues());
    this.line = new LineReader(new WordFinder(this.sought.words));
    this.tests = new LineTests(this.line, this.sought, this.values);
  }

  private sourceOf(alert: TakingAlert): Source {
    const { query, stats } = alert.query;
    this.sought.addQuery(query);
    for (const { condition } of stats.measures) if (condition) this.sought.addQuery(condition);
    for (const field of fieldsOf(stats)) if (field.name === "attribute") this.sought.addPath(field.path);
    const counts = canCountValues(stats);
    return { alerts: [alert], first: alert, grouping: new MinuteGrouping(alert), counts, problem: null };
  }

  /** Takes the lines that a transaction wrote, where this process did. */
  takeBlock({ bytes }: WrittenRows, transaction: string): void {
    const { line } = this;
    const family = this.familyOf(transaction);
    for (let at = 0; at < bytes.length; at = line.end) {
      line.moveTo(bytes, at);
      this.takeLine(family);
    }
  }

  /** Takes a line that was read from the database. */
  takeRow(row: EntryRow, transaction: string): void {
    this.line.moveToRow(row);
    this.takeLine(this.familyOf(transaction));
  }

  private familyOf(transaction: string): Map<number, Lanes> {
    let family = this.familyOfTransaction.get(transaction);
    if (!family) {
      family = this.findFamily(transaction);
      this.familyOfTransaction.set(transaction, family);
    }
    return family;
  }

  private findFamily(transaction: string): Map<number, Lanes> {
    const before = this.apart.filter(({ hasCounted }) => hasCounted(transaction));
    const name = before.map(({ source }) => source.first.id).join();
    let family = this.families.get(name);
    if (!family) {
      family = new Map();
      this.families.set(name, family);
    }
    return family;
  }

  private takeLine(family: Map<number, Lanes>): void {
    const { line, tests } = this;
    const key = line.service * LEVELS_MOST + line.level;
    let lanes = family.get(key);
    if (!lanes) {
      lanes = this.lanesOf(family);
      family.set(key, lanes);
    }
    if (lanes.chosen.length === 0) return;
    let lane = lanes.byMinute.get(line.minute);
    if (!lane) {
      lane = this.laneOf(lanes);
      lanes.byMinute.set(line.minute, lane);
    }
    lane.lines++;
    const { taking, byWord } = lane;
    if (taking.length + byWord.size === 0) return;
    lanes.attributes.moveTo(line);
    tests.attributes = lanes.attributes;
    this.offer(taking, lanes.attributes);
    if (byWord.size === 0) return;
    if (!line.findWords()) for (const some of byWord.values()) this.offer(some, lanes.attributes);
    else {
      const { words } = line;
      for (let index = 0; index < words.foundWords; index++) {
        const some = byWord.get(words.found[index] as number);
        if (some) this.offer(some, lanes.attributes);
      }
    }
  }

  private offer(taking: readonly Taking[], attributes: AttributeNumbers): void {
    for (let index = 0; index < taking.length; index++) {
      const { test, counter, source } = taking[index] as Taking;
      if (test !== null && !test()) continue;
      if (counter === null || !counter.add(attributes)) this.addWhole(source);
    }
  }

  private addWhole(source: Source): void {
    if (source.problem === null) orProblem(source, () => source.grouping.addEntry(this.line.whole()));
  }

  private lanesOf(family: Map<number, Lanes>): Lanes {
    const { line, tests } = this;
    const kind: Kind = { service: line.services.textOf(line.service), level: line.level };
    const before = new Set([...this.families].find(([, known]) => known === family)?.[0].split(","));
    const chosen = [...this.sources.values()].flatMap((source): Chosen[] => {
      if (before.has(String(source.first.id))) return [];
      const test = tests.of(source.first.query.query, kind);
      return test === false ? [] : [{ source, test: test === true ? null : test }];
    });
    let attributes = this.attributes[line.service];
    if (!attributes) {
      attributes = new AttributeNumbers(this.sought.paths, this.values);
      this.attributes[line.service] = attributes;
    }
    return { kind, chosen, attributes, byMinute: new Map() };
  }

  private laneOf({ kind, chosen }: Lanes): Lane {
    const { minute } = this.line;
    const lane: Lane = { lines: 0, taking: [], byWord: new Map(), constant: [] };
    for (const { source, test } of chosen) {
      const counter = source.counts ? this.counterOf(source, kind, minute) : null;
      const word = this.tests.wordOf(source.first.query.query);
      if (counter?.isConstant && test === null) lane.constant.push(counter);
      else if (word === undefined) lane.taking.push({ source, test, counter });
      else lane.byWord.set(word, [...(lane.byWord.get(word) ?? []), { source, test, counter }]);
    }
    return lane;
  }

  private counterOf(source: Source, kind: Kind, minute: number): ValueCounter {
    const { tests, sought, values } = this;
    return new ValueCounter(source.first.query.stats, kind, minute * 1_000, tests, sought, values, (facts, weight) => {
      if (source.problem === null) orProblem(source, () => source.grouping.add(minute, facts, weight));
    });
  }

  /** Nothing is to be taken after that. */
  taken(): Taken {
    for (const family of this.families.values()) {
      for (const { byMinute } of family.values()) for (const lane of byMinute.values()) giveAll(lane);
    }
    const taken = new Map<number, MinuteGroups>();
    const failed = new Map<number, string>();
    for (const { alerts, grouping, problem } of this.sources.values()) {
      const groups = problem === null ? grouping.taken() : null;
      for (const { id } of alerts) {
        if (groups) taken.set(id, groups);
        else failed.set(id, problem ?? "");
      }
    }
    return { taken, failed };
  }
}

function giveAll({ lines, constant, taking, byWord }: Lane): void {
  for (const counter of constant) {
    counter.addAll(lines);
    counter.giveAll();
  }
  for (const { counter } of [...taking, ...[...byWord.values()].flat()]) counter?.giveAll();
}

function orProblem(source: Source, add: () => void): void {
  try {
    add();
  } catch (error) {
    if (!isFault(error)) throw error;
    source.problem = error.message;
  }
}
