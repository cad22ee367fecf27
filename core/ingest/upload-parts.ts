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

/** What becomes of an entry: its bytes, or why there is none. */
type Taken = Buffer | string;

/** Collects entries into parts that end at the same places whenever the same entries come. */
export class UploadParts implements EntrySink {
  private open: Taken[] = [];
  private openBytes = 0;
  private openSince = 0;
  private full: Part[] = [];
  private seen = 0;

  get isEmpty(): boolean {
    return this.open.length === 0;
  }

  /** For how long the first of those that make no part yet has been waiting; 0 for none. */
  get openMs(): number {
    return this.isEmpty ? 0 : performance.now() - this.openSince;
  }

  entry(source: Buffer, from: number, end: number): void {
    this.add(Buffer.from(source.subarray(from, end)), end - from);
  }

  rejected(reason: string): void {
    this.add(reason, reason.length);
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

  private add(taken: Taken, bytes: number): void {
    if (this.isEmpty) this.openSince = performance.now();
    this.open.push(taken);
    this.openBytes += bytes;
    if (this.open.length >= LIMITS.uploadPartEntries || this.openBytes >= LIMITS.uploadPartBytes)
      this.full.push(this.endPart(true));
  }

  private endPart(isFull: boolean): Part {
    const { open, openBytes, seen } = this;
    this.seen += open.length;
    this.open = [];
    this.openBytes = 0;
    return {
      first: seen,
      request: {
        body: null,
        format: (sink) => ({
          push: () => undefined,
          finish() {
            for (const one of open)
              if (typeof one === "string") sink.rejected(one);
              else sink.entry(one, 0, one.length);
          },
        }),
        encodings: [],
        announcedBytes: openBytes,
        idempotencyKey: isFull ? keyOf(open) : undefined,
        tellsEach: true,
      },
    };
  }
}

function keyOf(taken: readonly Taken[]): string {
  const hash = createHash("sha256");
  for (const one of taken) hash.update(one).update(Buffer.of(NEWLINE));
  return `upload ${hash.digest("hex")}`;
}
