import { differenceOf } from "./measure";
import type { StoredSegment } from "./segment-store";
import { isUnreadable, Unreadable } from "./unreadable";
import type { WatchedStore } from "./watched-store";

/** Reads a file as it is in the store. @returns why it is not what was stored there, or can't be read; null when it is */
export async function findProblem(store: WatchedStore, segment: StoredSegment): Promise<Unreadable | null> {
  try {
    const difference = differenceOf(await store.measure(segment.path), segment);
    return difference === null ? null : new Unreadable("damaged", difference);
  } catch (error) {
    if (isUnreadable(error)) return error;
    throw error;
  }
}
