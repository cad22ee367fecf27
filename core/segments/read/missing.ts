import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import type { Segment } from "../catalogue";
import type { Completeness, MissingSegment } from "../schemas";
import type { UnreadableReason } from "../store/unreadable";

/** The segments that one answer should have asked and could not. */
export class Missing {
  private readonly known = new Map<string, MissingSegment>();

  note({ path, firstMicros, lastMicros, rows, hiddenRows }: Segment, reason: UnreadableReason): void {
    const entries = rows - hiddenRows;
    this.known.set(path, { path, from: isoOfMicros(firstMicros), to: isoOfMicros(lastMicros), entries, reason });
  }

  has({ path }: Segment): boolean {
    return this.known.has(path);
  }

  get isNothing(): boolean {
    return this.known.size === 0;
  }

  /** For the answer. */
  told(): Completeness {
    return {
      complete: this.isNothing,
      missing_segments: [...this.known.values()].slice(0, LIMITS.missingSegments),
      missing_count: this.known.size,
    };
  }
}
