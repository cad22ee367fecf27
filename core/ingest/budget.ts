import { tooBusy } from "@/core/errors";

/** What a request holds in memory between decoding and commit. */
export type Held = { rows: number; bytes: number };

/** The bound on all that is held at the same time: what does not fit is refused, so that memory can't run out. */
export class Budget {
  private rows = 0;
  private bytes = 0;

  constructor(private readonly limit: Held) {}

  get held(): Held {
    return { rows: this.rows, bytes: this.bytes };
  }

  /** @throws Fault too_busy when it doesn't fit; one request alone always fits */
  take(rows: number, bytes: number): void {
    const free = this.rows === 0 && this.bytes === 0;
    if (!free && (this.rows + rows > this.limit.rows || this.bytes + bytes > this.limit.bytes)) {
      throw tooBusy("entries arrive faster than they can be written; send this request again a little later");
    }
    this.rows += rows;
    this.bytes += bytes;
  }

  release(rows: number, bytes: number): void {
    this.rows -= rows;
    this.bytes -= bytes;
  }
}
