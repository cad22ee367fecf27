import type { Readable } from "node:stream";
import type { Measured } from "./measure";

/** The file at the top of a store that has its mark. */
export const MARK_FILE = "cordwood-store";

/** The mark of a place of backups has this before that of the installation whose backups it has, so that it is never taken for a store of segments. */
export const BACKUPS_OF = "backups of ";

/** What the catalogue knows of a file: where it is, and what it holds. */
export type StoredSegment = Measured & { path: string };

/** A file of the store. */
export type StoredFile = { path: string; bytes: number; modifiedAt: Date };

/** A local file with what is stored, which stays there until it is released. */
export type HeldFile = { file: string; release(): void };

/**
 * Where segments are kept. A file is whole or not there, and never changes. Paths have only letters, digits, dashes, dots and
 * slashes. What fails throws Unreadable when it is known to be the file's fault, and whatever it was else.
 */
export type SegmentStore = {
  /** For people: a folder or an address. */
  readonly name: string;
  /** Reading costs time of a network, and mostly money. */
  readonly isRemote: boolean;
  /** Of local files that are held, which DuckDB may read. */
  readonly localFolder: string;
  /** Makes what is in a local file durable, and checks that it is what is stored. @throws Error when it can't, and then nothing is there */
  put(segment: StoredSegment, localFile: string): Promise<void>;
  /** @throws Unreadable when it is missing or damaged, as far as that is seen without reading all of it */
  hold(segment: StoredSegment, signal?: AbortSignal): Promise<HeldFile>;
  /** The same, of what can be had without asking the store; null when it can't. */
  holdCopy(segment: StoredSegment): Promise<HeldFile | null>;
  /** The bytes as they are stored. @throws Unreadable when it is missing */
  open(path: string): Promise<Readable>;
  /** Reads all of it as it is stored. @throws Unreadable when it is missing, or damaged in a way that it can't be read */
  measure(path: string): Promise<Measured>;
  /** Drops what it keeps of a file elsewhere than in the store. @returns whether files that are held are such copies */
  forgetCopy(path: string): Promise<boolean>;
  /** Nothing happens when it is not there. */
  remove(path: string): Promise<void>;
  /** Those whose names end so, in no order: segments when it is left out. A folder has what is not finished among them, with .part at its end. */
  list(ending?: string): AsyncIterable<StoredFile>;
  /** By which a store is known again; null when it has none yet. */
  readMark(signal?: AbortSignal): Promise<string | null>;
  writeMark(mark: string): Promise<void>;
};
