import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type Fault, invalid, reasonOf } from "@/core/errors";
import { storeAt } from "@/core/segments/segments";
import type { BucketPlace } from "@/core/segments/store/s3-store";
import { BACKUPS_OF, MARK_FILE, type SegmentStore } from "@/core/segments/store/segment-store";
import { isUnreadable } from "@/core/segments/store/unreadable";
import { BACKUP_FORMAT, MANIFEST, type Manifest, manifestSchema, pathOfSegment } from "./manifest";

/** Where backups are: a folder, or a place in a bucket. */
export type BackupPlace = { store: SegmentStore; isThere(): boolean };

export type BackupLocation = { folder: string } | { bucket: BucketPlace };

/** @param scratch a local folder for files of a bucket that are looked at */
export function openPlace(place: BackupLocation, scratch: string): BackupPlace {
  if ("folder" in place) return { store: storeAt(place), isThere: () => existsSync(place.folder) };
  // What is read back is read once: nothing is kept.
  return { store: storeAt({ ...place, cache: { folder: scratch, bytes: 0 } }), isThere: () => true };
}

/**
 * Makes the place one for backups of an installation, unless it is that already.
 * @param live the installation's store of segments
 * @param storeMark of that store
 * @throws Fault invalid when it is another's, or a store of segments itself, or one is in the other
 */
export async function claimPlace(
  { store }: BackupPlace,
  live: Pick<SegmentStore, "name">,
  storeMark: string,
): Promise<void> {
  // Each file would seem to be copied already, and go with the installation.
  if (await isStored(store, pathOfSegment(MARK_FILE)))
    throw invalid(
      `A Cordwood keeps what is sealed in ${store.name}/${pathOfSegment("")}, where a backup would have its segments: name another place, such as ${store.name}/of-cordwood.`,
    );
  // To the store its files are segments that no catalogue names, which are removed.
  if (store.name.startsWith(`${live.name}/`))
    throw invalid(`${store.name} is in ${live.name}, where Cordwood keeps what is sealed: name a place outside of it.`);
  const mark = await store.readMark();
  if (mark === null) return store.writeMark(`${BACKUPS_OF}${storeMark}`);
  if (!mark.startsWith(BACKUPS_OF))
    throw invalid(`${store.name} is where a Cordwood keeps what is sealed: name another place for backups.`);
  if (mark !== `${BACKUPS_OF}${storeMark}`)
    throw invalid(
      `${store.name} has the backups of another installation: name another place, such as ${store.name}/2.`,
    );
}

async function isStored(store: SegmentStore, path: string): Promise<boolean> {
  try {
    await text(await store.open(path));
    return true;
  } catch (error) {
    if (isUnreadable(error) && error.reason === "missing") return false;
    throw error;
  }
}

/**
 * The backups that are complete, the latest first.
 * @throws Fault invalid when the place has none of Cordwood's, or one that only a newer version can read
 */
export async function listBackups({ store, isThere }: BackupPlace): Promise<Manifest[]> {
  const mark = isThere() ? await store.readMark() : null;
  if (!mark?.startsWith(BACKUPS_OF)) throw noBackups(store.name);
  const manifests: Manifest[] = [];
  for await (const { path } of store.list(MANIFEST)) {
    if (path.endsWith(MANIFEST)) manifests.push(await readManifest(store, path));
  }
  return manifests.sort((a, b) => (a.id < b.id ? 1 : -1));
}

const noBackups = (name: string): Fault => invalid(`There are no backups of Cordwood in ${name}.`);

/** @param id null: the latest. @throws Fault invalid when there is no such backup */
export async function findBackup(place: BackupPlace, id: string | null): Promise<Manifest> {
  const backups = await listBackups(place);
  const found = id === null ? backups[0] : backups.find((backup) => backup.id === id);
  if (found) return found;
  if (id === null) throw noBackups(place.store.name);
  throw invalid(
    `There is no backup ${id} in ${place.store.name}, or it was not finished: --list says which there are.`,
  );
}

async function readManifest(store: SegmentStore, path: string): Promise<Manifest> {
  const read: unknown = JSON.parse(await text(await store.open(path)));
  const format = typeof read === "object" && read !== null && "format" in read ? Number(read.format) : 0;
  if (format > BACKUP_FORMAT) {
    throw invalid(`${path} in ${store.name} was made by a newer Cordwood: this version can't read it.`);
  }
  try {
    return manifestSchema.parse(read);
  } catch (error) {
    throw invalid(`${path} in ${store.name} is damaged: ${reasonOf(error)}`);
  }
}
