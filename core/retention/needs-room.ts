import { LIMITS } from "@/core/limits";
import type { StorageState } from "./schemas";

export const storedBytes = ({
  database_bytes,
  segment_bytes,
}: Pick<StorageState, "database_bytes" | "segment_bytes">) => database_bytes + segment_bytes;

/** Worth to be told: so much is stored that the oldest entries will go soon, or some went lately. */
export function needsRoom(state: StorageState, now: Date): boolean {
  if (state.max_bytes === null) return false;
  const isNear = storedBytes(state) >= state.max_bytes * LIMITS.diskWarnShare;
  return isNear || (state.removed !== null && now.getTime() - Date.parse(state.removed.at) < LIMITS.diskToldMs);
}
