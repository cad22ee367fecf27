import { LEVELS } from "@/core/levels";
import { attributeTexts } from "@/core/search/query/attribute-texts";
import { fold } from "@/core/search/query/fold";
import type { Match, QueryNode } from "@/core/search/query/query-tree";
import { requiredLiterals } from "@/core/search/query/required-literals";
import { testText, toPredicate } from "@/core/search/query/to-predicate";
import { type AttributeNumbers, NONE, type PathValues, UNNUMBERED } from "./attribute-numbers";
import type { LineReader } from "./line-reader";

/** Tests the line at which the reader is. */
export type LineTest = () => boolean;

/** What the lines that are tested have in common. @property level index in LEVELS */
export type Kind = { service: string; level: number };

/** Characters of all words that are found in one walk: its table has a row for each. Further words are sought by themselves. */
const MOST_CHARACTERS = 20_000;
const PLAIN = /^[\x20-\x7e]+$/;

/** The words, and the paths of attributes, that queries look for. */
export class Sought {
  readonly words: string[] = [];
  readonly paths: string[] = [];
  private readonly placeOfWord = new Map<string, number>();
  private readonly placeOfPath = new Map<string, number>();
  private characters = 0;

  addQuery(node: QueryNode): void {
    if (node.kind === "not") this.addQuery(node.child);
    else if (node.kind !== "match") for (const child of node.children) this.addQuery(child);
    else if (node.field.name === "attribute") this.addPath(node.field.path);
    else if (node.field.name === "message") this.addWords(wordsOf(node));
  }

  addPath(path: readonly string[]): void {
    const name = path.join(".");
    if (this.placeOfPath.has(name)) return;
    this.placeOfPath.set(name, this.paths.length);
    this.paths.push(name);
  }

  private addWords(words: readonly string[]): void {
    for (const word of words) {
      if (!PLAIN.test(word) || this.placeOfWord.has(word) || this.characters + word.length > MOST_CHARACTERS) continue;
      this.placeOfWord.set(word, this.words.length);
      this.words.push(word);
      this.characters += word.length;
    }
  }

  /** @returns undefined for a word that is not among `words` */
  wordAt = (word: string): number | undefined => this.placeOfWord.get(word);

  /** @throws RangeError for a path that was not added */
  pathAt(path: readonly string[]): number {
    const place = this.placeOfPath.get(path.join("."));
    if (place === undefined) throw new RangeError(`the path ${path.join(".")} is not sought`);
    return place;
  }
}

/** What stands in every message that a test selects. */
function wordsOf({ test }: Match): readonly string[] {
  if (test.op === "regex") return requiredLiterals(test.regex);
  return "pattern" in test ? test.pattern : [];
}

/** What of queries lines are tested for; what several queries ask for is the same test, found out once a line or once a value. */
export class LineTests {
  /** Of the line at which the reader is. */
  attributes: AttributeNumbers | null = null;
  private readonly tests = new Map<string, LineTest>();
  /** The same by what asks, as each kind of lines does so anew and there may be thousands. */
  private readonly testOf = new Map<Match, LineTest>();
  private readonly cheapestFirst = new Map<readonly QueryNode[], readonly QueryNode[]>();

  constructor(
    private readonly line: LineReader,
    private readonly sought: Sought,
    private readonly values: readonly PathValues[],
  ) {}

  /** A test for lines of a kind; a boolean where all of them have the same result. It selects what toPredicate selects. */
  of(node: QueryNode, kind: Kind): boolean | LineTest {
    switch (node.kind) {
      case "and":
      case "or":
        return this.ofAll(node.children, kind, node.kind === "or");
      case "not": {
        const test = this.of(node.child, kind);
        return typeof test === "boolean" ? !test : () => !test();
      }
      case "match":
        if (node.field.name === "service") return testText(node.test, fold(kind.service));
        if (node.field.name === "level") return node.test.op === "levels" && node.test.levels.includes(kind.level);
        return this.ofMatch(node);
    }
  }

  /** @param decisive the result of one that is that of all */
  private ofAll(nodes: readonly QueryNode[], kind: Kind, decisive: boolean): boolean | LineTest {
    const tests: LineTest[] = [];
    for (const node of this.inOrder(nodes)) {
      const test = this.of(node, kind);
      if (test === decisive) return decisive;
      if (typeof test === "function") tests.push(test);
    }
    const [first, second] = tests;
    if (!first) return !decisive;
    if (!second) return first;
    if (tests.length === 2) return decisive ? () => first() || second() : () => first() && second();
    return () => {
      for (const test of tests) if (test() === decisive) return decisive;
      return !decisive;
    };
  }

  /** What costs most comes last. */
  private inOrder(nodes: readonly QueryNode[]): readonly QueryNode[] {
    let sorted = this.cheapestFirst.get(nodes);
    if (!sorted) {
      sorted = nodes.toSorted((one, other) => costOf(one) - costOf(other));
      this.cheapestFirst.set(nodes, sorted);
    }
    return sorted;
  }

  private ofMatch(match: Match): LineTest {
    let test = this.testOf.get(match);
    if (!test) {
      const key = JSON.stringify(match);
      test = this.tests.get(key) ?? this.make(match);
      this.tests.set(key, test);
      this.testOf.set(match, test);
    }
    return test;
  }

  private make(match: Match): LineTest {
    const { field, test } = match;
    if (field.name === "attribute") return this.ofAttribute(field.path, test);
    const { line } = this;
    if (field.name === "message") {
      const slowly = this.onceALine(() => testText(test, line.foldedMessage()));
      return this.ofWords(wordsOf(match), test.op === "contains" && test.pattern.length === 1, slowly);
    }
    const matches = toPredicate(match);
    return this.onceALine(() => matches(line.wholeFolded()));
  }

  private onceALine(test: LineTest): LineTest {
    const { line } = this;
    let testedOf = 0;
    let result = false;
    return () => {
      if (testedOf !== line.count) {
        result = test();
        testedOf = line.count;
      }
      return result;
    };
  }

  /** @param isAll a message that has the words is selected @param slowly what decides where finding words does not */
  private ofWords(words: readonly string[], isAll: boolean, slowly: LineTest): LineTest {
    const { line } = this;
    const places = words.flatMap((word) => this.sought.wordAt(word) ?? []);
    const [only] = places;
    if (only === undefined) return slowly;
    if (isAll) return () => (line.findWords() ? line.hasWord(only) : slowly());
    return () => (!line.findWords() || places.every(line.hasWord)) && slowly();
  }

  /** A word without which no message is selected by a query, by its place: of several the longest. */
  wordOf(node: QueryNode): number | undefined {
    const words = (node.kind === "and" ? node.children : [node]).flatMap((child) =>
      child.kind === "match" && child.field.name === "message" ? wordsOf(child) : [],
    );
    const known = words.filter((word) => this.sought.wordAt(word) !== undefined);
    return known.length === 0
      ? undefined
      : this.sought.wordAt(known.reduce((one, other) => (other.length > one.length ? other : one)));
  }

  private ofAttribute(path: readonly string[], test: Match["test"]): LineTest {
    const place = this.sought.pathAt(path);
    const values = this.values[place] as PathValues;
    const results: (boolean | undefined)[] = [];
    return () => {
      const number = this.attributes?.at(place) ?? NONE;
      if (number === NONE) return false;
      if (number === UNNUMBERED) {
        return attributeTexts(this.line.attributes(), path).some((text) => testText(test, fold(text)));
      }
      let result = results[number];
      if (result === undefined) {
        result = testText(test, fold(values.textOf(number)));
        results[number] = result;
      }
      return result;
    };
  }
}

function costOf(node: QueryNode): number {
  if (node.kind === "not") return costOf(node.child);
  if (node.kind !== "match") return Math.max(0, ...node.children.map(costOf));
  const { field, test } = node;
  if (field.name === "service" || field.name === "level") return 0;
  if (field.name === "message" && test.op === "contains") return 1;
  return field.name === "attribute" ? 2 : 3;
}

export const levelName = (level: number): string => LEVELS[level] ?? "";
