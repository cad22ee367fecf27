import type { Places } from "./places";

/** Where a decoder puts what it finds. An entry's bytes are valid only during the call. */
export type EntrySink = {
  /** @param places of its members, where its decoder knows them of an object that was found to be good and can be stored */
  entry(source: Buffer, from: number, end: number, places?: Places): void;
  /** Something that is an entry by its place but can't be one. */
  rejected(reason: string): void;
};

/** Finds the entries in a body that arrives in pieces. Both methods throw an `invalid` Fault when the body as a whole can't be read. */
export type Decoder = {
  /** Bytes that it keeps until the end, for the budget; absent: none. */
  readonly held?: number;
  push(chunk: Buffer): void;
  finish(): void;
};
