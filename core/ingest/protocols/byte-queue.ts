const FIRST_BYTES = 4096;

/**
 * The bytes of a connection that are not taken yet, in one piece. What was taken stays as it was when more arrives, so it may be kept
 * without a copy.
 */
export class ByteQueue {
  private buffer: Buffer = Buffer.alloc(0);
  private from = 0;
  private end = 0;
  /** Whether there is room behind the end that is nobody else's. */
  private isOwn = false;

  get length(): number {
    return this.end - this.from;
  }

  get bytes(): Buffer {
    return this.buffer.subarray(this.from, this.end);
  }

  append(chunk: Buffer): void {
    if (this.length === 0) {
      this.buffer = chunk;
      this.from = 0;
      this.end = chunk.length;
      this.isOwn = false;
      return;
    }
    if (!this.isOwn || this.end + chunk.length > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, (this.length + chunk.length) * 2));
      this.end = this.bytes.copy(grown);
      this.from = 0;
      this.buffer = grown;
      this.isOwn = true;
    }
    this.end += chunk.copy(this.buffer, this.end);
  }

  /** The first bytes, as many as there are of `count`. */
  take(count: number): Buffer {
    const taken = this.bytes.subarray(0, count);
    this.from += taken.length;
    return taken;
  }
}
