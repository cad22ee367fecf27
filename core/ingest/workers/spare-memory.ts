import { type BlockMemory, RowBlock } from "@/core/ingest/row-block";
import { LIMITS } from "@/core/limits";

/** New memory is of so much or a multiple, so that it does for other bodies too. */
const STEP_BYTES = 512 * 1024;

/**
 * Memory of blocks that are committed, for the next ones of a thread. Else each body would leave as much behind as it has, for which
 * the system's memory grows by tens of megabytes until V8 looks for garbage, and which it looks for all the time.
 */
export class SpareMemory {
  private readonly spare: BlockMemory[] = [];
  private bytes = 0;

  /** An empty block. @param capacity bytes expected */
  blockFor(capacity: number): RowBlock {
    const place = this.spare.findIndex(({ bytes }) => bytes.byteLength >= capacity);
    const [memory] = place < 0 ? [] : this.spare.splice(place, 1);
    if (!memory) return new RowBlock(Math.ceil(capacity / STEP_BYTES) * STEP_BYTES);
    this.bytes -= memory.bytes.byteLength;
    return new RowBlock(capacity, undefined, memory);
  }

  /** What is beyond LIMITS.spareBlockBytes is left to the garbage collection. */
  add(memory: BlockMemory): void {
    const { byteLength } = memory.bytes;
    if (this.bytes + byteLength > LIMITS.spareBlockBytes) return;
    this.spare.push(memory);
    this.bytes += byteLength;
  }
}
