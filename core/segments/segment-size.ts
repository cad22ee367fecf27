import { LIMITS } from "@/core/limits";

/** How large a segment may be; what can't be cut, as the entries of one second, may be more. */
export type SegmentSize = { entries: number; textBytes: number };

/** Of all segments. */
export const SEGMENT_SIZE: SegmentSize = { entries: LIMITS.segmentEntries, textBytes: LIMITS.segmentTextBytes };
