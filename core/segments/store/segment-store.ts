/** A file of the store. */
export type StoredFile = { path: string; bytes: number; modifiedAt: Date };

/**
 * Where segments are kept. A file is whole or not there, and never changes. Paths have only letters, digits, dashes, dots and
 * slashes.
 */
export type SegmentStore = {
  /** For people: a folder or an address. */
  readonly name: string;
  /** Makes what is in a local file durable under the path. @throws Error when it can't, and then nothing is there */
  put(path: string, localFile: string): Promise<void>;
  /** A local file with what is stored. @throws Fault unavailable when it is missing or the store is away */
  localFileOf(path: string): Promise<string>;
  /** Nothing happens when it is not there. */
  remove(path: string): Promise<void>;
  /** Of segments, in no order. */
  list(): AsyncIterable<StoredFile>;
  /** By which a store is known again; null when it has none yet. */
  readMark(): Promise<string | null>;
  writeMark(mark: string): Promise<void>;
};
