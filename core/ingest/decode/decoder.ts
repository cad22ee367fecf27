import type { Places } from "./places";

/** Where a decoder puts what it finds. An entry's bytes are valid only during the call. */
export type EntrySink = {
  /** @param places of its members, where its decoder knows them of an object that was found to be good and can be stored */
  entry(source: Buffer, from: number, end: number, places?: Places): void;
  /** Something that is an entry by its place but can't be one. */
  rejected(reason: string): void;
};

/** What a sender says of an entry beside it, for the answer that names each: the action that it is of, where it goes, and its id there. */
export type EntryItem = { action: string; index: string; id: string | null };

/**
 * Finds the entries in a body that arrives in pieces. Both methods throw an `invalid` Fault when the body as a whole can't be read, and
 * `too_large` when there are more items than can be answered.
 */
export type Decoder = {
  /** Bytes that it keeps until the end, for the budget; absent: none. */
  readonly held?: number;
  /** Of all items that were found, also of those that were taken: they are in memory until the answer is made. Absent: none. */
  readonly itemBytes?: number;
  /** Of each entry that was found since the last call, in their order, where the protocol has it. Plain data. */
  takeItems?(): readonly EntryItem[];
  push(chunk: Buffer): void;
  finish(): void;
};

/** Makes one for a body. */
export type ProtocolDecoder = (sink: EntrySink) => Decoder;
