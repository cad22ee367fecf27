import { LIMITS } from "@/core/limits";
import type { Accumulator, AccumulatorOptions, Order, State } from "./accumulator";
import { bytesOfCounted, FrequentTexts } from "./frequent-texts";
import { numberOf } from "./values-of";

/** Longer texts are no choices; those of services and tags, and of browsers' names, are. */
const MOST_CHARACTERS = 200;

/**
 * How often each value of a field came; where there are too many different ones (LIMITS.facetValues), which may be the most frequent, and how many numbers
 * lie in each step of their three first digits. Whichever it is depends on nothing but the values.
 */
export type TextCounts = {
  /** Entries that have the field. */
  having: number;
  /** Null: too many different ones. */
  texts: ReadonlyMap<string, number> | null;
  /** Null while there are texts. */
  frequent: FrequentTexts | null;
  /** How often something came that is too long to be one of them. */
  tooLong: number;
  /** By the least number of the step; empty while there are texts. */
  steps: ReadonlyMap<number, number>;
  least: number | null;
  greatest: number | null;
  /** How often something came that is no number. */
  notNumbers: number;
};

/** Counts the texts of a facet, each by itself for as long as they are few enough; and numbers among them by steps, as a histogram has them. */
export class CountingTexts implements Accumulator {
  private having = 0;
  private texts: Map<string, number> | FrequentTexts = new Map();
  private readonly steps = new Map<number, number>();
  private least: number | null = null;
  private greatest: number | null = null;
  private notNumbers = 0;
  private tooLong = 0;

  private readonly among: ReadonlySet<string> | null;

  /** @param among absent: all texts are counted */
  constructor(
    private readonly options: AccumulatorOptions,
    among?: readonly string[],
  ) {
    this.among = among ? new Set(among) : null;
  }

  add(texts: readonly string[], _order: Order, weight: number): void {
    if (texts.length === 0) return;
    this.having += weight;
    // Each once, however often a list repeats it.
    for (const text of texts.length === 1 ? texts : new Set(texts)) this.count(text, weight);
  }

  state(): State {
    const { having, texts, steps, least, greatest, notNumbers, tooLong } = this;
    const common = [having, least ?? "", greatest ?? "", notNumbers, tooLong];
    if (texts instanceof Map) return ["texts", ...common, ...[...texts].flat()];
    const { missed, counts } = texts.state();
    return ["many", ...common, missed, steps.size, ...[...steps].flat(), ...[...counts].flat()];
  }

  merge(state: State): void {
    if (!Array.isArray(state)) throw new TypeError("a kept result is of another call");
    const [kind, having, least, greatest, notNumbers, tooLong, ...rest] = state;
    this.having += Number(having);
    this.notNumbers += Number(notNumbers);
    this.tooLong += Number(tooLong);
    for (const bound of [least, greatest]) if (typeof bound === "number") this.bound(bound);
    if (kind === "texts") {
      for (const [text, count] of countsOf(rest)) this.countText(text, count);
      return;
    }
    const [missed, steps, ...counts] = rest;
    const end = 2 * Number(steps);
    for (const [step, count] of countsOf(counts.slice(0, end))) this.countStep(Number(step), count);
    this.giveUpTexts().merge(Number(missed), countsOf(counts.slice(end)));
  }

  result(): null {
    return null;
  }

  counts(): TextCounts {
    const { having, texts, tooLong, steps, least, greatest, notNumbers } = this;
    const counted = texts instanceof Map ? { texts, frequent: null } : { texts: null, frequent: texts };
    return { having, ...counted, tooLong, steps, least, greatest, notNumbers };
  }

  private count(text: string, weight: number): void {
    const number = numberOf(text);
    if (number === null) this.notNumbers += weight;
    else this.bound(number);
    if (text.length > MOST_CHARACTERS) this.tooLong += weight;
    else if (this.among?.has(text) ?? true) this.countText(text, weight);
  }

  private bound(number: number): void {
    if (this.least === null || number < this.least) this.least = number;
    if (this.greatest === null || number > this.greatest) this.greatest = number;
  }

  private countText(text: string, weight: number): void {
    const { texts } = this;
    if (texts instanceof FrequentTexts) {
      texts.add(text, weight);
      this.countNumber(text, weight);
      return;
    }
    const known = texts.get(text);
    if (known === undefined) this.options.keep(bytesOfCounted(text));
    texts.set(text, (known ?? 0) + weight);
    if (texts.size > LIMITS.facetValues) this.giveUpTexts();
  }

  private giveUpTexts(): FrequentTexts {
    const { texts } = this;
    if (texts instanceof FrequentTexts) return texts;
    for (const [text, count] of texts) this.countNumber(text, count);
    const frequent = new FrequentTexts(texts, this.options.keep);
    this.texts = frequent;
    return frequent;
  }

  private countNumber(text: string, count: number): void {
    const number = numberOf(text);
    if (number !== null) this.countStep(stepOf(number), count);
  }

  private countStep(step: number, count: number): void {
    this.steps.set(step, (this.steps.get(step) ?? 0) + count);
  }
}

/** What a state has of a map: each text or number, and behind it how often it came. */
function* countsOf(list: readonly (string | number)[]): Generator<readonly [string, number]> {
  for (let at = 0; at < list.length; at += 2) yield [String(list[at]), Number(list[at + 1])];
}

/** The number with its digits beyond the third taken off, downwards: what lies between two of them begins with the same digits. */
export function stepOf(number: number): number {
  const [, digits = "0", fraction = "", exponent = "0"] =
    /^-?(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(number.toExponential()) ?? [];
  const kept = Number(`${digits}${fraction.slice(0, 2).padEnd(2, "0")}`);
  const isCut = /[1-9]/.test(fraction.slice(2));
  return number < 0
    ? -Number(`${kept + (isCut ? 1 : 0)}e${Number(exponent) - 2}`)
    : Number(`${kept}e${Number(exponent) - 2}`);
}
