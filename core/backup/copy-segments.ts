import pLimit from "p-limit";
import type { Segments } from "@/core/segments/segments";
import { findProblem } from "@/core/segments/store/find-problem";
import type { HeldFile, SegmentStore } from "@/core/segments/store/segment-store";
import { isUnreadable } from "@/core/segments/store/unreadable";
import { isWhole } from "@/core/segments/write/write-file";
import { type BackedUpFile, type Manifest, pathOfSegment } from "./manifest";
import type { BackupProgress } from "./progress";

const AT_ONCE = 4;

/**
 * Copies the files that the place has not yet. Files never change, so one that is there with its length is taken as it is.
 * @param there what the place has: bytes by path; what is copied is added
 * @returns those that can't be read, and why
 * @throws Unreadable when the store of segments is away, and whatever the place throws
 */
export async function copySegments(
  { store }: Pick<Segments, "store">,
  place: SegmentStore,
  wanted: readonly BackedUpFile[],
  { there, progress }: { there: Map<string, number>; progress: BackupProgress },
): Promise<Manifest["unreadable"]> {
  const unreadable: Manifest["unreadable"] = [];
  const take = pLimit({ concurrency: AT_ONCE, rejectOnClear: true });
  let [done, bytes] = [0, 0];
  const copyOne = async (segment: BackedUpFile) => {
    const target = pathOfSegment(segment.path);
    if (there.get(target) !== segment.bytes) {
      const problem = await copy(store, place, segment, target);
      if (problem === null) there.set(target, segment.bytes);
      else unreadable.push({ path: segment.path, reason: problem });
    }
    bytes += segment.bytes;
    progress.segments(++done, wanted.length, bytes);
  };
  try {
    await Promise.all(wanted.map((segment) => take(() => copyOne(segment))));
  } catch (error) {
    take.clearQueue();
    throw error;
  }
  return unreadable.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @returns why the segment can't be read; null when it is copied */
async function copy(
  from: Segments["store"],
  to: SegmentStore,
  segment: BackedUpFile,
  path: string,
): Promise<string | null> {
  let held: HeldFile;
  try {
    held = await holdWhole(from, segment);
  } catch (error) {
    if (!isUnreadable(error) || (error.reason === "away" && !from.state.reachable)) throw error;
    return error.reason;
  }
  try {
    await to.put({ ...segment, path }, held.file);
    return null;
  } finally {
    held.release();
  }
}

/** @throws Unreadable when the file can't be read, or is not what was stored */
async function holdWhole(store: Segments["store"], segment: BackedUpFile): Promise<HeldFile> {
  const held = await store.hold(segment);
  if (await isWhole(held.file, segment)) return held;
  held.release();
  // A copy that is kept of a file may be damaged where the file is not.
  const problem = (await store.forgetCopy(segment.path)) ? null : await findProblem(store, segment);
  if (problem) throw problem;
  return store.hold(segment);
}
