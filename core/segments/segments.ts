import path from "node:path";
import { type Clock, systemClock } from "@/core/clock";
import type { Context } from "@/core/context";
import { Duck } from "./duck";
import { BlockCache } from "./read/block-cache";
import { FolderStore } from "./store/folder-store";
import { WatchedStore } from "./store/watched-store";

/** What is sealed, for who reads or writes it: the files, the engine that reads them, and what is known of them. */
export type Segments = {
  store: WatchedStore;
  duck: Duck;
  blocks: BlockCache;
  /** A local folder for files that are being written. */
  scratch: string;
};

/** What reads entries needs: those that are sealed too. */
export type EntriesContext = Context & { segments: Segments };

/**
 * Segments in a folder.
 * @param scratch a local folder for what is not finished; processes may share it
 * @param memoryBytes for the engine, beyond which it spills
 */
export function createSegments({
  folder,
  scratch,
  memoryBytes,
  clock = systemClock,
}: {
  folder: string;
  scratch: string;
  memoryBytes: number;
  clock?: Clock;
}): Segments {
  const writing = path.resolve(scratch, "sealing");
  const store = new WatchedStore(new FolderStore(path.resolve(folder)), clock);
  const duck = new Duck({
    spill: path.resolve(scratch, "spill"),
    folders: [store.localFolder, writing],
    memoryBytes,
  });
  return { store, duck, blocks: new BlockCache(), scratch: writing };
}
