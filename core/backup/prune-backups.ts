import { addMs, type Clock, DAY_MS } from "@/core/clock";
import { backupOf, MANIFEST, pathInBackup, pathOfSegment } from "./manifest";
import { type BackupPlace, listBackups } from "./place";

/** What is younger may be a backup's that is just being made. */
const YOUNG_MS = DAY_MS;

/**
 * Removes all but the latest backups, with the segments that none of the others needs, and what backups that were broken off have left.
 * A backup that goes loses its manifest first, so that none is there that lacks something.
 * @param keep how many stay, at least 1
 * @returns the backups that are gone
 */
export async function pruneBackups(place: BackupPlace, keep: number, clock: Clock): Promise<string[]> {
  const { store } = place;
  const backups = await listBackups(place);
  const kept = backups.slice(0, keep);
  const gone = backups.slice(keep).map(({ id }) => id);
  for (const id of gone) await store.remove(pathInBackup(id, MANIFEST));
  const ids = new Set(kept.map(({ id }) => id));
  const segments = new Set(kept.flatMap(({ segments }) => segments.map(({ path }) => pathOfSegment(path))));
  const oldest = addMs(clock.now(), -YOUNG_MS);
  const removed: string[] = [];
  for await (const { path, modifiedAt } of store.list("")) {
    const id = backupOf(path);
    const isNeeded = id === null ? segments.has(path) : ids.has(id);
    const isOurs = id !== null || path.startsWith(pathOfSegment(""));
    if (isOurs && !isNeeded && ((id !== null && gone.includes(id)) || modifiedAt < oldest)) removed.push(path);
  }
  // Not while they are listed: what is removed then may hide others.
  for (const path of removed) await store.remove(path);
  return gone;
}
