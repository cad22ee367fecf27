import pLimit from "p-limit";
import type { Segments } from "@/core/segments/segments";
import type { HeldFile, SegmentStore } from "@/core/segments/store/segment-store";
import { isUnreadable } from "@/core/segments/store/unreadable";
import { type BackedUpFile, type Manifest, pathOfSegment } from "./manifest";
import type { BackupProgress } from "./progress";
import { isWhole, putFile } from "./put-file";

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
  let held: HeldFile | null = null;
  try {
    held = await from.hold(segment);
    if (!(await isWhole(held.file, segment))) {
      held.release();
      held = null;
      // A copy that is kept of a file may be damaged where the file is not.
      if (!(await from.forgetCopy(segment.path))) return "damaged";
      held = await from.hold(segment);
    }
  } catch (error) {
    if (!isUnreadable(error) || error.reason === "away") throw error;
    return error.reason;
  }
  try {
    await putFile(to, { ...segment, path }, held.file);
    return null;
  } finally {
    held.release();
  }
}
