import type { Accumulator, AccumulatorOptions, Cell, Order, State } from "./accumulator";
import { DigestSet } from "./digest-set";
import { ExactSum } from "./exact-sum";
import type { Call } from "./pipe-tree";
import { CountingTexts } from "./text-counts";
import { mergeCounts, quantileOf, type ValueCounts, valueCountsOf } from "./value-counts";
import { numberOf } from "./values-of";

/** What computes one measure of one group, entry by entry. */
export function accumulatorOf(call: Call, options: AccumulatorOptions): Accumulator {
  switch (call.kind) {
    case "count":
      return call.field ? new Having() : new Counting();
    case "rate":
      return perSecond(call.field ? new Summing(options) : new Counting());
    case "count_distinct":
      return new Distinct(options);
    case "first":
    case "last":
      return new Outermost(call.kind === "first", options);
    case "sum":
      return new Summing(options);
    case "avg":
      return new Averaging(options);
    case "min":
    case "max":
      return new Extreme(call.kind === "min", options);
    case "quantile":
      return new Sorting(call.share, options);
    case "texts":
      return new CountingTexts(options, call.among);
  }
}

/** @throws TypeError for the state of another call */
function wrongState(): never {
  throw new TypeError("a kept result is of another call");
}

const listOf = (state: State): readonly (string | number)[] => (Array.isArray(state) ? state : wrongState());

class Counting implements Accumulator {
  protected count = 0;
  add(_texts: readonly string[], _order: Order, weight: number): void {
    this.count += weight;
  }
  state(): number {
    return this.count;
  }
  merge(state: State): void {
    this.count += typeof state === "number" ? state : wrongState();
  }
  result(): number {
    return this.count;
  }
}

/** Entries that have the field. */
class Having extends Counting {
  override add(texts: readonly string[], _order: Order, weight: number): void {
    if (texts.length > 0) this.count += weight;
  }
}

const perSecond = (of: Accumulator): Accumulator => ({
  add: (texts, order, weight) => of.add(texts, order, weight),
  state: () => of.state(),
  merge: (state) => of.merge(state),
  result(seconds) {
    const value = of.result(seconds);
    return typeof value === "number" ? value / seconds : value;
  },
});

/** Of a string in memory, beside its characters. */
const TEXT_BYTES = 60;
const bytesOf = (text: string) => text.length * 2 + TEXT_BYTES;
/** Texts and bytes of them up to which they are kept as they are: to look one up takes a tenth of the time of making its digest. */
const MOST_TEXTS = 1_000;
const MOST_TEXT_BYTES = 256 * 1024;
/** Stands before the digests of a state, of which every other item is a text. */
const DIGESTS = 1;

/** The different values: as texts while they are few, then as digests. */
class Distinct implements Accumulator {
  private texts = new Set<string>();
  private bytes = 0;
  private digests: DigestSet | null = null;
  constructor(private readonly options: AccumulatorOptions) {}
  add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.digests) this.digests.addText(text);
      else if (!this.texts.has(text)) this.addNew(text);
    }
  }
  addDigests(digests: Buffer): void {
    if (digests.length > 0) this.digested().addDigests(digests);
  }
  state(): State {
    return this.digests ? [DIGESTS, this.digests.all().toString("base64")] : [...this.texts];
  }
  merge(state: State): void {
    const [first, digests] = listOf(state);
    if (first === DIGESTS) this.addDigests(Buffer.from(String(digests), "base64"));
    else this.add(listOf(state).map(String));
  }
  result(): number {
    return this.digests?.size ?? this.texts.size;
  }

  private addNew(text: string): void {
    const bytes = bytesOf(text);
    this.options.keep(bytes);
    this.texts.add(text);
    this.bytes += bytes;
    if (this.texts.size > MOST_TEXTS || this.bytes > MOST_TEXT_BYTES) this.digested();
  }

  private digested(): DigestSet {
    if (this.digests) return this.digests;
    const digests = new DigestSet(this.options.keep);
    for (const text of this.texts) digests.addText(text);
    this.texts = new Set();
    this.options.keep(-this.bytes);
    this.digests = digests;
    return digests;
  }
}

class Outermost implements Accumulator {
  private found: { text: string; order: Order } | null = null;
  private bytes = 0;
  constructor(
    private readonly isFirst: boolean,
    private readonly options: AccumulatorOptions,
  ) {}
  add(texts: readonly string[], order: Order): void {
    const text = this.isFirst ? texts[0] : texts.at(-1);
    if (text === undefined) return;
    if (this.found !== null && isBefore(order, this.found.order) !== this.isFirst) return;
    this.found = { text, order };
    const bytes = bytesOf(text);
    this.options.keep(bytes - this.bytes);
    this.bytes = bytes;
  }
  state(): State {
    return this.found && [this.found.text, this.found.order.micros, String(this.found.order.id)];
  }
  merge(state: State): void {
    if (state === null) return;
    const [text, micros, id] = listOf(state);
    this.add([String(text)], { micros: Number(micros), id: BigInt(id ?? 0) });
  }
  result(): Cell {
    return this.found?.text ?? null;
  }
}

const isBefore = (one: Order, other: Order) =>
  one.micros === other.micros ? one.id < other.id : one.micros < other.micros;

/** What looks like numbers among the values of an entry. */
abstract class Numbers implements Accumulator {
  constructor(protected readonly options: AccumulatorOptions) {}
  add(texts: readonly string[], _order: Order, weight: number): void {
    for (const text of texts) {
      const value = numberOf(text);
      if (value === null) this.options.leaveOut(weight);
      else this.take(value, weight);
    }
  }
  protected abstract take(value: number, weight: number): void;
  abstract state(): State;
  abstract merge(state: State): void;
  abstract result(seconds: number): Cell;
}

class Summing extends Numbers {
  protected count = 0;
  protected readonly sum = new ExactSum();
  protected take(value: number, weight: number): void {
    this.sum.addTimes(value, weight);
    this.count += weight;
  }
  state(): State {
    return [this.count, ...this.sum.parts];
  }
  merge(state: State): void {
    const [count, ...parts] = listOf(state).map(Number);
    this.count += count ?? 0;
    for (const part of parts) this.sum.add(part);
  }
  result(): Cell {
    return this.count === 0 ? null : this.sum.total();
  }
}

class Averaging extends Summing {
  override result(): Cell {
    return this.count === 0 ? null : this.sum.total() / this.count;
  }
}

class Extreme extends Numbers {
  private found: number | null = null;
  constructor(
    private readonly isLeast: boolean,
    options: AccumulatorOptions,
  ) {
    super(options);
  }
  protected take(value: number): void {
    if (this.found === null || (this.isLeast ? value < this.found : value > this.found)) this.found = value;
  }
  state(): State {
    return this.found;
  }
  merge(state: State): void {
    if (state !== null) this.take(typeof state === "number" ? state : wrongState());
  }
  result(): Cell {
    return this.found;
  }
}

/** Of a value and how often it came, in a map and in arrays. */
const MAPPED_BYTES = 50;
const LISTED_BYTES = 16;

/** All of the different values and how often each came, which an exact quantile needs. */
class Sorting extends Numbers {
  private readonly counts = new Map<number, number>();
  private readonly merged: ValueCounts[] = [];
  constructor(
    private readonly share: number,
    options: AccumulatorOptions,
  ) {
    super(options);
  }
  protected take(value: number, weight: number): void {
    const known = this.counts.get(value);
    if (known === undefined) this.options.keep(MAPPED_BYTES);
    this.counts.set(value, (known ?? 0) + weight);
  }
  state(): ValueCounts {
    return mergeCounts([...this.merged, valueCountsOf(this.counts)]);
  }
  merge(state: State): void {
    const counted = state !== null && typeof state === "object" && "counts" in state ? state : wrongState();
    this.options.keep(LISTED_BYTES * counted.values.length);
    this.merged.push(counted);
  }
  result(): Cell {
    return quantileOf(this.state(), this.share);
  }
}
