import type { Call } from "./pipe-tree";
import { quantileOf } from "./quantile";
import { numberOf } from "./values-of";

/** A cell of a table: null where a group has no value. */
export type Cell = string | number | null;

/** What one measure of one group has taken in so far. */
export type Accumulator = {
  /**
   * @param texts what the entry has of the field; for calls without one it is not looked at
   * @param order of the entry in time: the first and the last are told by it
   * @param weight so many entries are alike
   */
  add(texts: readonly string[], order: Order, weight: number): void;
  /** @param seconds that the group is of */
  result(seconds: number): Cell;
};

/** Of two entries the later one has more micros, or as many and a greater id. */
export type Order = { micros: number; id: bigint };

/** Told by how many bytes more must be kept. */
export type Keep = (bytes: number) => void;

export type AccumulatorOptions = {
  keep: Keep;
  /** Told how many values did not look like numbers where numbers are needed. */
  leaveOut(values: number): void;
};

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
      return new Outermost(call.kind === "first");
    case "sum":
      return new Summing(options);
    case "avg":
      return new Averaging(options);
    case "min":
    case "max":
      return new Extreme(call.kind === "min", options);
    case "quantile":
      return new Sorting(call.share, options);
  }
}

class Counting implements Accumulator {
  private count = 0;
  add(_texts: readonly string[], _order: Order, weight: number): void {
    this.count += weight;
  }
  result(): number {
    return this.count;
  }
}

/** Entries that have the field. */
class Having implements Accumulator {
  private count = 0;
  add(texts: readonly string[], _order: Order, weight: number): void {
    if (texts.length > 0) this.count += weight;
  }
  result(): number {
    return this.count;
  }
}

const perSecond = (of: Accumulator): Accumulator => ({
  add: (texts, order, weight) => of.add(texts, order, weight),
  result(seconds) {
    const value = of.result(seconds);
    return typeof value === "number" ? value / seconds : value;
  },
});

/** Of a string in memory, beside its characters. */
const TEXT_BYTES = 60;

class Distinct implements Accumulator {
  private readonly texts = new Set<string>();
  constructor(private readonly options: AccumulatorOptions) {}
  add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.texts.has(text)) continue;
      this.texts.add(text);
      this.options.keep(text.length * 2 + TEXT_BYTES);
    }
  }
  result(): number {
    return this.texts.size;
  }
}

class Outermost implements Accumulator {
  private found: { text: string; order: Order } | null = null;
  constructor(private readonly isFirst: boolean) {}
  add(texts: readonly string[], order: Order): void {
    const text = this.isFirst ? texts[0] : texts.at(-1);
    if (text === undefined) return;
    if (this.found === null || isBefore(order, this.found.order) === this.isFirst) this.found = { text, order };
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
  abstract result(seconds: number): Cell;
}

/** By Neumaier's way, so that the order in which values come makes no difference that one sees. */
class Summing extends Numbers {
  protected count = 0;
  private sum = 0;
  private lost = 0;
  protected take(value: number, weight: number): void {
    const added = value * weight;
    const sum = this.sum + added;
    this.lost += Math.abs(this.sum) >= Math.abs(added) ? this.sum - sum + added : added - sum + this.sum;
    this.sum = sum;
    this.count += weight;
  }
  protected total(): number {
    // Beyond what a number holds, what was lost is none.
    return Number.isFinite(this.sum) ? this.sum + this.lost : this.sum;
  }
  result(): Cell {
    return this.count === 0 ? null : this.total();
  }
}

class Averaging extends Summing {
  override result(): Cell {
    return this.count === 0 ? null : this.total() / this.count;
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
  result(): Cell {
    return this.found;
  }
}

/** Of a value and how often it came. */
const VALUE_BYTES = 50;

/** All of the different values and how often each came, which an exact quantile needs. */
class Sorting extends Numbers {
  private readonly counts = new Map<number, number>();
  constructor(
    private readonly share: number,
    options: AccumulatorOptions,
  ) {
    super(options);
  }
  protected take(value: number, weight: number): void {
    const known = this.counts.get(value);
    if (known === undefined) this.options.keep(VALUE_BYTES);
    this.counts.set(value, (known ?? 0) + weight);
  }
  result(): Cell {
    const values = Float64Array.from(this.counts.keys()).sort();
    return values.length === 0 ? null : quantileOf(values, (value) => this.counts.get(value) ?? 0, this.share);
  }
}
