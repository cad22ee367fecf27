import { fieldsOf } from "@/core/analytics/resolve-stats";
import { isFault } from "@/core/errors";
import type { WrittenRows } from "@/core/ingest/read-rows";
import type { Commit } from "@/core/realtime/commits";
import type { EntryRow } from "@/core/search/entry-row";
import { keptFrom } from "../kept-minutes";
import type { Computed } from "../load-alerts";
import { MinuteGrouping, type MinuteGroups } from "../minute-groups";
import { mayShow, visibleIn } from "../visible-in";
import { AttributeNumbers, PathValues, ValueRoom } from "./attribute-numbers";
import { LineReader } from "./line-reader";
import { type Kind, type LineTest, LineTests, Sought } from "./line-tests";
import { canCountValues, type Differing, differingOf, isConstant, ValueCounter } from "./value-counter";
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
  /** The place of a word without which it takes no line; null: none, undefined: not looked for yet, as not all words are known. */
  word: number | null | undefined;
  problem: string | null;
};

/** A source that takes lines of a kind. @property place among the sources @property test null: all of them @property differing null: lines are added whole */
type Chosen = { source: Source; place: number; test: LineTest | null; differing: Differing | null };

/** What is done with the lines of one kind. */
type Lanes = {
  attributes: AttributeNumbers;
  /** Those that only need to know how many lines there are. */
  constant: readonly Chosen[];
  /** Those that are asked of a line: of each one, or of those with a word, by its place. */
  asked: readonly Chosen[];
  byWord: ReadonlyMap<number, readonly Chosen[]>;
  /** By the start of the minute, in ms. */
  byMinute: Map<number, Lane>;
};

/** What there is of one kind in one minute. @property counters by place, of those that have taken lines */
type Lane = { minute: number; lines: number; counters: (ValueCounter | undefined)[] };

/** More than there are levels. */
const LEVELS_MOST = 8;
/** Lanes and counters that are held, as lines of very many minutes may come together: with more, what was counted is given away. */
const MOST_HELD = 50_000;

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
  private held = 0;

  /**
   * @param commits all of whose lines are taken, in the order of transactions
   * @param keptAt the time by which minutes are kept or old
   */
  constructor(alerts: readonly TakingAlert[], commits: readonly Commit[], keptAt: Date) {
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
      const from = keptFrom(alert, keptAt).getTime();
      if (known) {
        known.alerts.push(alert);
        known.grouping.keptFrom = Math.min(known.grouping.keptFrom, from);
      } else {
        const source = this.sourceOf(alert, from);
        this.sources.set(key, source);
        if (isApart) this.apart.push({ source, hasCounted });
      }
    }
    const room = new ValueRoom();
    this.values = this.sought.paths.map(() => new PathValues(room));
    this.line = new LineReader(new WordFinder(this.sought.words));
    this.tests = new LineTests(this.line, this.sought, this.values);
  }

  private sourceOf(alert: TakingAlert, from: number): Source {
    const { query, stats } = alert.query;
    this.sought.addQuery(query);
    for (const { condition } of stats.measures) if (condition) this.sought.addQuery(condition);
    for (const field of fieldsOf(stats)) if (field.name === "attribute") this.sought.addPath(field.path);
    const counts = canCountValues(stats);
    const grouping = new MinuteGrouping(alert, from);
    return { alerts: [alert], first: alert, grouping, counts, word: undefined, problem: null };
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
    const { constant, asked, byWord, attributes } = lanes;
    if (constant.length + asked.length + byWord.size === 0) return;
    if (this.held >= MOST_HELD) this.giveAll();
    const lane = this.laneOf(lanes);
    lane.lines++;
    if (asked.length + byWord.size === 0) return;
    attributes.moveTo(line);
    tests.attributes = attributes;
    this.offer(asked, lane, attributes);
    if (byWord.size === 0) return;
    if (!line.findWords()) for (const some of byWord.values()) this.offer(some, lane, attributes);
    else {
      const { words } = line;
      for (let index = 0; index < words.foundWords; index++) {
        const some = byWord.get(words.found[index] as number);
        if (some) this.offer(some, lane, attributes);
      }
    }
  }

  private laneOf({ byMinute }: Lanes): Lane {
    const { minute } = this.line;
    let lane = byMinute.get(minute);
    if (!lane) {
      lane = { minute, lines: 0, counters: [] };
      byMinute.set(minute, lane);
      this.held++;
    }
    return lane;
  }

  private offer(some: readonly Chosen[], lane: Lane, attributes: AttributeNumbers): void {
    for (let index = 0; index < some.length; index++) {
      const { source, place, test, differing } = some[index] as Chosen;
      if (test !== null && !test()) continue;
      if (differing === null) this.addWhole(source);
      else {
        let counter = lane.counters[place];
        if (counter === undefined) {
          counter = this.counterOf(source, differing, lane.minute);
          lane.counters[place] = counter;
          this.held++;
        }
        if (!counter.add(attributes)) this.addWhole(source);
      }
    }
  }

  private addWhole(source: Source): void {
    if (source.problem === null) orProblem(source, () => source.grouping.addEntry(this.line.whole()));
  }

  private lanesOf(family: Map<number, Lanes>): Lanes {
    const { line, tests } = this;
    const kind: Kind = { service: line.services.textOf(line.service), level: line.level };
    const before = new Set([...this.families].find(([, known]) => known === family)?.[0].split(","));
    const constant: Chosen[] = [];
    const asked: Chosen[] = [];
    const byWord = new Map<number, Chosen[]>();
    for (const [place, source] of [...this.sources.values()].entries()) {
      if (before.has(String(source.first.id))) continue;
      const { query, stats } = source.first.query;
      const found = tests.of(query, kind);
      if (found === false) continue;
      const test = found === true ? null : found;
      const differing = source.counts ? differingOf(stats, kind, tests, this.sought) : null;
      const chosen = { source, place, test, differing };
      if (source.word === undefined) source.word = tests.wordOf(query) ?? null;
      const { word } = source;
      if (test === null && differing && isConstant(differing)) constant.push(chosen);
      else if (word === null) asked.push(chosen);
      else byWord.set(word, [...(byWord.get(word) ?? []), chosen]);
    }
    let attributes = this.attributes[line.service];
    if (!attributes) {
      attributes = new AttributeNumbers(this.sought.paths, this.values);
      this.attributes[line.service] = attributes;
    }
    return { attributes, constant, asked, byWord, byMinute: new Map() };
  }

  private counterOf(source: Source, differing: Differing, minute: number): ValueCounter {
    return new ValueCounter(differing, minute * 1_000, this.sought, this.values, (facts, weight) => {
      if (source.problem === null) orProblem(source, () => source.grouping.add(minute, facts, weight));
    });
  }

  /** Gives away what was counted. */
  private giveAll(): void {
    for (const family of this.families.values()) {
      for (const { constant, byMinute } of family.values()) {
        for (const lane of byMinute.values()) this.give(lane, constant);
        byMinute.clear();
      }
    }
    this.held = 0;
  }

  private give({ minute, lines, counters }: Lane, constant: readonly Chosen[]): void {
    for (const counter of counters) counter?.giveAll();
    for (const { source, differing } of constant) {
      if (!differing) continue;
      const counter = this.counterOf(source, differing, minute);
      counter.addAll(lines);
      counter.giveAll();
    }
  }

  /** Nothing is to be taken after that. */
  taken(): Taken {
    this.giveAll();
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

function orProblem(source: Source, add: () => void): void {
  try {
    add();
  } catch (error) {
    if (!isFault(error)) throw error;
    source.problem = error.message;
  }
}
