import { createHash } from "node:crypto";
import { LIMITS } from "@/core/limits";
import type { EntrySink } from "./decode/decoder";
import { Frames } from "./protocols/frames";

export type Part = {
  /** The place of its first entry in the upload. */
  first: number;
  /** Its entries, and the reasons of what was rejected, as Frames. */
  bytes: Buffer;
  /** By which it is known when it comes again; absent: it never will be the same. */
  key?: string;
};

/** The same for the same entries. */
const keyOf = (bytes: Buffer): string => `upload ${createHash("sha256").update(bytes).digest("hex")}`;

/** Collects entries into parts that end at the same places whenever the same entries come. */
export class UploadParts implements EntrySink {
  private open = new Frames();
  private openSince = 0;
  private full: Part[] = [];
  private seen = 0;

  get isEmpty(): boolean {
    return this.open.count === 0;
  }

  /** For how long the first of those that make no part yet has been waiting; 0 for none. */
  get openMs(): number {
    return this.isEmpty ? 0 : performance.now() - this.openSince;
  }

  entry(source: Buffer, from: number, end: number): void {
    this.begin().add(source, from, end);
    this.endFull();
  }

  rejected(reason: string): void {
    this.begin().addRejection(reason);
    this.endFull();
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

  private begin(): Frames {
    if (this.isEmpty) this.openSince = performance.now();
    return this.open;
  }

  private endFull(): void {
    const { open } = this;
    if (open.count >= LIMITS.uploadPartEntries || open.bytes.length >= LIMITS.uploadPartBytes)
      this.full.push(this.endPart(true));
  }

  private endPart(isFull: boolean): Part {
    const { open, seen } = this;
    const { bytes } = open;
    this.seen += open.count;
    this.open = new Frames();
    return { first: seen, bytes, ...(isFull && { key: keyOf(bytes) }) };
  }
}
