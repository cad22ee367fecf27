import { reasonOf } from "@/core/errors";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { type BackedUpFile, type Manifest, pathOfSegment } from "./manifest";
import { verifyFile } from "./put-file";

/** Every file of a backup, as it is in the place. */
export const filesOf = ({ tables, segments, secret }: Manifest): BackedUpFile[] => [
  ...tables.map(({ file }) => file),
  ...segments.map((segment) => ({ ...segment, path: pathOfSegment(segment.path) })),
  ...(secret ? [secret] : []),
];

/** Reads each file as a whole; `problem` is for people, null when it is what was stored. */
export async function* verifyBackup(
  store: SegmentStore,
  manifest: Manifest,
): AsyncGenerator<{ file: BackedUpFile; problem: string | null }> {
  for (const file of filesOf(manifest)) {
    try {
      await verifyFile(store, file);
      yield { file, problem: null };
    } catch (error) {
      yield { file, problem: reasonOf(error) };
    }
  }
}
