import { LIMITS } from "@/core/limits";
import type { Accumulator, AccumulatorOptions, Order, State } from "./accumulator";
import { numberOf } from "./values-of";

/** Longer texts are no choices; those of services and tags, and of browsers' names, are. */
const MOST_CHARACTERS = 200;
/** Of a text and how often it came, beside its characters. */
const TEXT_BYTES = 80;

/**
 * How often each value of a field came; where there are too many different ones (LIMITS.facetValues), how many numbers lie in each step
 * of their three first digits. Whichever it is depends on nothing but the values.
 */
export type TextCounts = {
  /** Entries that have the field. */
  having: number;
  /** Null: too many different ones. */
  texts: ReadonlyMap<string, number> | null;
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
  private texts: Map<string, number> | null = new Map();
  private readonly steps = new Map<number, number>();
  private least: number | null = null;
  private greatest: number | null = null;
  private notNumbers = 0;
  private tooLong = 0;

  constructor(private readonly options: AccumulatorOptions) {}

  add(texts: readonly string[], _order: Order, weight: number): void {
    if (texts.length === 0) return;
    this.having += weight;
    // Each once, however often a list repeats it.
    for (const text of texts.length === 1 ? texts : new Set(texts)) this.count(text, weight);
  }

  state(): State {
    const { having, least, greatest, notNumbers, tooLong } = this;
    const counts = [...(this.texts ?? this.steps)].flat();
    return [this.texts ? "texts" : "steps", having, least ?? "", greatest ?? "", notNumbers, tooLong, ...counts];
  }

  merge(state: State): void {
    if (!Array.isArray(state)) throw new TypeError("a kept result is of another call");
    const [kind, having, least, greatest, notNumbers, tooLong, ...counts] = state;
    this.having += Number(having);
    this.notNumbers += Number(notNumbers);
    this.tooLong += Number(tooLong);
    for (const bound of [least, greatest]) if (typeof bound === "number") this.bound(bound);
    if (kind === "steps") this.giveUpTexts();
    for (let at = 0; at < counts.length; at += 2) {
      const [value, count] = [counts[at], Number(counts[at + 1])];
      if (kind === "steps") this.countStep(Number(value), count);
      else this.countText(String(value), count);
    }
  }

  result(): null {
    return null;
  }

  counts(): TextCounts {
    const { having, texts, tooLong, steps, least, greatest, notNumbers } = this;
    return { having, texts, tooLong, steps, least, greatest, notNumbers };
  }

  private count(text: string, weight: number): void {
    const number = numberOf(text);
    if (number === null) this.notNumbers += weight;
    else this.bound(number);
    if (text.length <= MOST_CHARACTERS) this.countText(text, weight);
    else this.tooLong += weight;
  }

  private bound(number: number): void {
    if (this.least === null || number < this.least) this.least = number;
    if (this.greatest === null || number > this.greatest) this.greatest = number;
  }

  private countText(text: string, weight: number): void {
    if (this.texts === null) {
      const number = numberOf(text);
      if (number !== null) this.countStep(stepOf(number), weight);
      return;
    }
    const known = this.texts.get(text);
    if (known === undefined) this.options.keep(TEXT_BYTES + text.length * 2);
    this.texts.set(text, (known ?? 0) + weight);
    if (this.texts.size > LIMITS.facetValues) this.giveUpTexts();
  }

  private giveUpTexts(): void {
    const { texts } = this;
    this.texts = null;
    for (const [text, count] of texts ?? []) this.countText(text, count);
  }

  private countStep(step: number, count: number): void {
    this.steps.set(step, (this.steps.get(step) ?? 0) + count);
  }
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
