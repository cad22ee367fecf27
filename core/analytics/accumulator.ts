import type { ValueCounts } from "./value-counts";

/** A cell of a table: null where a group has no value. */
export type Cell = string | number | null;

/** What an accumulator has taken in, as JSON. */
export type State = number | null | readonly (string | number)[] | ValueCounts;

/** What one measure of one group has taken in so far. */
export type Accumulator = {
  /**
   * @param texts what the entry has of the field; for calls without one it is not looked at
   * @param order of the entry in time: the first and the last are told by it
   * @param weight so many entries are alike
   */
  add(texts: readonly string[], order: Order, weight: number): void;
  /** The values of further entries, each as its digest (DigestSet); only where values are told apart and nothing else. */
  addDigests?(digests: Buffer): void;
  /** It is not to be used any more when more is added. */
  state(): State;
  /** Takes in what another one of the same call has, as if it had taken in the same entries. */
  merge(state: State): void;
  /** @param seconds that the group is of */
  result(seconds: number): Cell;
};

/** Of two entries the later one has more micros, or as many and a greater id. */
export type Order = { micros: number; id: bigint };

/** Told by how many bytes more must be kept; less when it is negative. */
export type Keep = (bytes: number) => void;

export type AccumulatorOptions = {
  keep: Keep;
  /** Told how many values did not look like numbers where numbers are needed. */
  leaveOut(values: number): void;
};
