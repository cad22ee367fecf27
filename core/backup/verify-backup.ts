import { reasonOf } from "@/core/errors";
import { differenceOf } from "@/core/segments/store/measure";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { type BackedUpFile, type Manifest, pathOfSegment } from "./manifest";

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
      const difference = differenceOf(await store.measure(file.path), file);
      yield { file, problem: difference && `${file.path} in ${store.name} is damaged: ${difference}` };
    } catch (error) {
      yield { file, problem: reasonOf(error) };
    }
  }
}
