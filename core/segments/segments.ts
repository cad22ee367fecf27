import path from "node:path";
import type { Context } from "@/core/context";
import { Duck } from "./duck";
import { BlockCache } from "./read/block-cache";
import { FolderStore } from "./store/folder-store";
import type { SegmentStore } from "./store/segment-store";

/** What is sealed, for who reads or writes it: the files, the engine that reads them, and what is known of them. */
export type Segments = {
  store: SegmentStore;
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
}: {
  folder: string;
  scratch: string;
  memoryBytes: number;
}): Segments {
  const [kept, writing] = [path.resolve(folder), path.resolve(scratch, "sealing")];
  const duck = new Duck({ spill: path.resolve(scratch, "spill"), folders: [kept, writing], memoryBytes });
  return { store: new FolderStore(kept), duck, blocks: new BlockCache(), scratch: writing };
}
