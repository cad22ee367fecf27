import { z } from "zod";
import { LEVELS } from "@/core/levels";

const time = z.iso.datetime();

/** How much is stored, as the job seal-segments finds it each minute. */
export const storageStateSchema = z.object({
  at: time,
  /** Of Cordwood's tables with their indexes: entries that are not sealed, counts and everything else. */
  database_bytes: z.number(),
  /** Of the files of segments. */
  segment_bytes: z.number(),
  /** Both together may be so much; null: anything. */
  max_bytes: z.number().nullable(),
  /** Of the oldest entry that is sealed; null: none is. */
  oldest: time.nullable(),
  /** What had to go last for the room that it took, though its retention was not over: entries from before a time; null: nothing yet. */
  removed: z.object({ before: time, at: time, entries: z.number() }).nullable(),
});

/** What the next run would remove. */
export const retentionPreviewSchema = z.object({
  entries: z.number(),
  /** Services and levels of which it removes some, and those of which it removes the most. */
  groups: z.number(),
  largest: z.array(z.object({ service: z.string(), level: z.enum(LEVELS), entries: z.number() })),
});

export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;
export type StorageState = z.infer<typeof storageStateSchema>;
