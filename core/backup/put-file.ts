import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { checksumOf } from "@/core/segments/write/write-file";
import type { BackedUpFile } from "./manifest";

/**
 * Stores a file in the place of backups and reads it back.
 * @throws Error when what is there is not what the local file has
 */
export async function putFile(store: SegmentStore, file: BackedUpFile, localFile: string): Promise<void> {
  await store.put(file, localFile);
  // A bucket has read it back already.
  if (!store.isRemote) await verifyFile(store, file);
}

/** @throws Error when it is missing, or not what was stored */
export async function verifyFile(store: SegmentStore, { path, bytes, checksum }: BackedUpFile): Promise<void> {
  const hash = createHash("sha256");
  let length = 0;
  await pipeline(await store.open(path), async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      hash.update(piece);
      length += piece.length;
    }
  });
  if (hash.digest("hex") === checksum) return;
  throw new Error(
    length === bytes
      ? `${path} in ${store.name} is damaged: its bytes are not those that were stored`
      : `${path} in ${store.name} is damaged: it has ${length} bytes where there should be ${bytes}`,
  );
}

/** Whether a local file is what the catalogue says of it. */
export const isWhole = async (localFile: string, { checksum }: BackedUpFile): Promise<boolean> =>
  (await checksumOf(localFile)) === checksum;
