import { z } from "zod";
import { UNREADABLE_REASONS } from "./store/unreadable";

const time = z.iso.datetime();

export const missingSegmentSchema = z.object({
  path: z.string(),
  /** Times of its first and last entry. */
  from: time,
  to: time,
  entries: z.number(),
  reason: z.enum(UNREADABLE_REASONS),
});

/** Members of every answer that reads what is sealed. */
export const completenessSchema = z.object({
  /** False: segments that may have some of what was asked for could not be read. */
  complete: z.boolean(),
  /** At most LIMITS.missingSegments of them. */
  missing_segments: z.array(missingSegmentSchema),
  missing_count: z.number(),
});

export type MissingSegment = z.infer<typeof missingSegmentSchema>;
export type Completeness = z.infer<typeof completenessSchema>;
