import os from "node:os";
import path from "node:path";
import { GroupsCache } from "@/core/analytics/groups";
import { type Clock, systemClock } from "@/core/clock";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { Shares } from "@/core/shares";
import { Turns } from "@/core/turns";
import { Duck } from "./duck";
import { BlockCache } from "./read/block-cache";
import { FileCache } from "./store/file-cache";
import { FolderStore } from "./store/folder-store";
import { type BucketPlace, S3Store } from "./store/s3-store";
import type { SegmentStore } from "./store/segment-store";
import { type StoreState, WatchedStore } from "./store/watched-store";

/** What is sealed, for who reads or writes it: the files, the engine that reads them, and what is known of them. */
export type Segments = {
  store: WatchedStore;
  duck: Duck;
  blocks: BlockCache;
  /** What was computed of them. */
  groups: GroupsCache;
  /** A local folder for files that are being written. */
  scratch: string;
};

/** What reads entries needs: those that are sealed too, and whose turn it is. */
export type EntriesContext = Context & { segments: Segments; turns: ReadTurns };

/**
 * Of the whole process: who looks through entries in the database, and who exports. What is known to be quick, such as the first
 * minutes of a search, does not wait for what is not; and nothing waits in the engine for a client that is slow to take an export.
 */
export type ReadTurns = {
  quick: Turns;
  long: Turns;
  exports: Turns;
  exportQueries: Turns;
  exportsOfOne: Shares;
  stats: Turns;
  counts: Turns;
};

/** Of one process: so many read entries at once, and so many may wait. */
export const createTurns = (): ReadTurns => ({
  quick: new Turns(1, { most: LIMITS.waitingReads, what: "searches" }),
  // What a machine can do beside its ingest.
  long: new Turns(Math.max(1, os.availableParallelism() - 1), { most: LIMITS.waitingReads, what: "searches" }),
  exports: new Turns(LIMITS.exports, { most: LIMITS.waitingExports, what: "exports" }),
  exportQueries: new Turns(LIMITS.exports),
  exportsOfOne: new Shares(LIMITS.exportsOfOne, "exports"),
  stats: new Turns(LIMITS.computations, { most: LIMITS.waitingComputations, what: "computations of groups" }),
  counts: new Turns(LIMITS.computations, { most: LIMITS.waitingComputations, what: "computations of counts" }),
});

/** Where segments are: a folder, or a bucket and what is kept of it in a local folder, which must be this process's alone. */
export type SegmentsPlace = { folder: string } | { bucket: BucketPlace; cache: { folder: string; bytes: number } };

/**
 * @param scratch a local folder for what is not finished; processes may share it
 * @param memoryBytes for the engine, beyond which it spills
 * @param stateChanged told when the store can't be reached any more, and when it can again
 */
export function createSegments({
  scratch,
  memoryBytes,
  clock = systemClock,
  stateChanged,
  ...place
}: SegmentsPlace & {
  scratch: string;
  memoryBytes: number;
  clock?: Clock;
  stateChanged?: (state: StoreState) => void;
}): Segments {
  const writing = path.resolve(scratch, "sealing");
  const store = new WatchedStore(storeAt(place), clock, stateChanged);
  const duck = new Duck({
    spill: path.resolve(scratch, "spill"),
    folders: [store.localFolder, writing],
    memoryBytes,
  });
  return { store, duck, blocks: new BlockCache(), groups: new GroupsCache(), scratch: writing };
}

/** What keeps files there. */
export function storeAt(place: SegmentsPlace): SegmentStore {
  if ("folder" in place) return new FolderStore(path.resolve(place.folder));
  const { bucket, cache } = place;
  return new S3Store(bucket, new FileCache(path.resolve(cache.folder), cache.bytes));
}
