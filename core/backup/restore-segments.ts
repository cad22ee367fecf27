import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import { conflict } from "@/core/errors";
import type { Segments } from "@/core/segments/segments";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { checksumOf } from "@/core/segments/write/write-file";
import { type BackedUpFile, type Manifest, pathOfSegment } from "./manifest";
import type { BackupProgress } from "./progress";

const AT_ONCE = 4;

/**
 * That a store may be filled: it has nothing, or only what a restore that was broken off has left.
 * @param isSame the store may be the one that the backup was made of
 * @returns what it has: bytes by path
 * @throws Fault conflict
 */
export async function checkTarget(
  { store }: Pick<Segments, "store">,
  { segments, storeMark }: Manifest,
  isSame: boolean,
): Promise<Map<string, number>> {
  const there = new Map<string, number>();
  for await (const file of store.list()) {
    if (file.path.endsWith(".parquet")) there.set(file.path, file.bytes);
  }
  if ((await store.readMark()) === storeMark) {
    if (isSame) return there;
    throw conflict(
      `${store.name} is the store of segments that the backup was made of: set CORDWOOD_SEGMENTS to an empty one, or say --same-store when the installation that used it is gone for good.`,
    );
  }
  const named = new Set(segments.map((segment) => segment.path));
  const others = [...there.keys()].filter((file) => !named.has(file)).length;
  if (others === 0) return there;
  throw conflict(
    `${store.name} has ${others} files of another installation: set CORDWOOD_SEGMENTS to an empty folder or place in a bucket.`,
  );
}

/** Copies the files of a backup into a store that has been checked, and verifies each on the way. */
export async function restoreSegments(
  { store, scratch }: Pick<Segments, "store" | "scratch">,
  place: SegmentStore,
  wanted: readonly BackedUpFile[],
  { there, progress }: { there: ReadonlyMap<string, number>; progress: BackupProgress },
): Promise<void> {
  const take = pLimit({ concurrency: AT_ONCE, rejectOnClear: true });
  let [done, bytes] = [0, 0];
  const restoreOne = async (segment: BackedUpFile) => {
    if (there.get(segment.path) !== segment.bytes) await restore(store, place, segment, scratch);
    bytes += segment.bytes;
    progress.segments(++done, wanted.length, bytes);
  };
  try {
    await Promise.all(wanted.map((segment) => take(() => restoreOne(segment))));
  } catch (error) {
    take.clearQueue();
    throw error;
  }
}

async function restore(to: SegmentStore, place: SegmentStore, segment: BackedUpFile, scratch: string): Promise<void> {
  const localFile = path.join(scratch, path.basename(segment.path));
  await mkdir(scratch, { recursive: true });
  try {
    await pipeline(await place.open(pathOfSegment(segment.path)), createWriteStream(localFile));
    if ((await checksumOf(localFile)) !== segment.checksum) {
      throw new Error(`${pathOfSegment(segment.path)} in ${place.name} is damaged: it is not what was backed up`);
    }
    await to.put(segment, localFile);
  } finally {
    await rm(localFile, { force: true });
  }
}
