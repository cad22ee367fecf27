import type { WrittenRows } from "@/core/ingest/read-rows";
import { LIMITS } from "@/core/limits";

/** Where the rows of a transaction stand. */
type Place = { from: number; end: number };

/**
 * Copies of the rows that were written last, in one piece of memory that is written over again and again. Blocks that are held instead
 * grow old, and letting go of old ones is the dearest work that collecting garbage has.
 */
export class RowCopies {
  private readonly memory = Buffer.allocUnsafeSlow(LIMITS.recentBytes);
  /** The oldest first. */
  private readonly places = new Map<string, Place>();
  private next = 0;

  add(transaction: string, blocks: readonly WrittenRows[]): void {
    const size = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (size === 0 || size > this.memory.length) return;
    if (this.next + size > this.memory.length) {
      this.makeRoom(this.next, this.memory.length);
      this.next = 0;
    }
    const from = this.next;
    const end = from + size;
    this.makeRoom(from, end);
    for (const { bytes } of blocks) {
      this.memory.set(bytes, this.next);
      this.next += bytes.length;
    }
    this.places.set(transaction, { from, end });
  }

  /** Lets go of the oldest, as long as one of them stands there. */
  private makeRoom(from: number, end: number): void {
    for (const [transaction, place] of this.places) {
      if (place.from >= end || place.end <= from) break;
      this.places.delete(transaction);
    }
  }

  forget(transaction: string): void {
    this.places.delete(transaction);
  }

  /** @returns what is written over by what is added later */
  get(transaction: string): readonly WrittenRows[] | undefined {
    const place = this.places.get(transaction);
    return place && [{ bytes: this.memory.subarray(place.from, place.end) }];
  }
}
