import { createHash } from "node:crypto";
import { LIMITS } from "@/core/limits";
import type { EntrySink } from "./decode/decoder";
import type { IngestRequest } from "./ingest";

const NEWLINE = 0x0a;

export type Part = {
  /** The place of its first entry in the upload. */
  first: number;
  request: Omit<IngestRequest, "services" | "parameters">;
};

const FIRST_BYTES = 64 * 1024;

/** Entries, one a line, and where each ends; of one that is rejected, the reason stands there, as an end below zero. */
class Lines {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  bytes = 0;
  readonly ends: number[] = [];

  add(source: Buffer, from: number, end: number, isRejected: boolean): void {
    const size = end - from + 1;
    if (this.bytes + size > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow((this.bytes + size) * 2);
      this.buffer.copy(grown, 0, 0, this.bytes);
      this.buffer = grown;
    }
    this.bytes += source.copy(this.buffer, this.bytes, from, end);
    this.ends.push(isRejected ? -this.bytes : this.bytes);
    this.buffer[this.bytes++] = NEWLINE;
  }

  replay(sink: EntrySink): void {
    let from = 0;
    for (const end of this.ends) {
      if (end < 0) sink.rejected(this.buffer.toString("utf8", from, -end));
      else sink.entry(this.buffer, from, end);
      from = Math.abs(end) + 1;
    }
  }

  /** The same for the same entries. */
  get key(): string {
    return `upload ${createHash("sha256").update(this.buffer.subarray(0, this.bytes)).digest("hex")}`;
  }
}

/** Collects entries into parts that end at the same places whenever the same entries come. */
export class UploadParts implements EntrySink {
  private open = new Lines();
  private openSince = 0;
  private full: Part[] = [];
  private seen = 0;

  get isEmpty(): boolean {
    return this.open.ends.length === 0;
  }

  /** For how long the first of those that make no part yet has been waiting; 0 for none. */
  get openMs(): number {
    return this.isEmpty ? 0 : performance.now() - this.openSince;
  }

  entry(source: Buffer, from: number, end: number): void {
    this.add(source, from, end, false);
  }

  rejected(reason: string): void {
    this.add(Buffer.from(reason), 0, Buffer.byteLength(reason), true);
  }

  /** Those that have grown to a part's size, with a key by which one that comes again is known. */
  takeFull(): Part[] {
    const { full } = this;
    this.full = [];
    return full;
  }

  /** What has come since. It has no key: nothing says that the same would end there again. */
  takeOpen(): Part[] {
    return this.isEmpty ? [] : [this.endPart(false)];
  }

  private add(source: Buffer, from: number, end: number, isRejected: boolean): void {
    const { open } = this;
    if (this.isEmpty) this.openSince = performance.now();
    open.add(source, from, end, isRejected);
    if (open.ends.length >= LIMITS.uploadPartEntries || open.bytes >= LIMITS.uploadPartBytes)
      this.full.push(this.endPart(true));
  }

  private endPart(isFull: boolean): Part {
    const { open, seen } = this;
    this.seen += open.ends.length;
    this.open = new Lines();
    return {
      first: seen,
      request: {
        body: null,
        format: (sink) => ({ push: () => undefined, finish: () => open.replay(sink) }),
        encodings: [],
        announcedBytes: open.bytes,
        idempotencyKey: isFull ? open.key : undefined,
        tellsEach: true,
      },
    };
  }
}
