import { isUtf8 } from "node:buffer";
import { NEWLINE } from "@/core/ascii";
import { LIMITS } from "@/core/limits";
import type { Decoder, EntrySink } from "./decoder";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const TOO_LARGE = `an entry must be at most ${LIMITS.entryBytes} bytes`;
const NOT_UTF8 = "not valid UTF-8";

/** Parts a body into its lines; one that is too long or no UTF-8 is rejected alone. What a line is, those who extend it say. */
export abstract class LineDecoder implements Decoder {
  /** The beginning of a line whose end has not arrived. */
  private carried: Buffer[] = [];
  private carriedBytes = 0;
  private skipping = false;
  private isFirst = true;

  constructor(protected readonly sink: EntrySink) {}

  /** Takes a line without its newline, valid UTF-8. The bytes are valid only during the call. */
  protected abstract line(source: Buffer, from: number, end: number): void;

  protected rejected(reason: string): void {
    this.sink.rejected(reason);
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.carriedBytes > 0 || this.skipping) {
      const newline = chunk.indexOf(NEWLINE);
      this.carry(newline < 0 ? chunk : chunk.subarray(0, newline));
      if (newline < 0) return;
      this.endCarried();
      from = newline + 1;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (last >= from) {
      const valid = isUtf8(chunk.subarray(from, last));
      for (let newline = chunk.indexOf(NEWLINE, from); newline >= 0; newline = chunk.indexOf(NEWLINE, from)) {
        this.checked(chunk, from, newline, valid);
        from = newline + 1;
      }
    }
    if (from < chunk.length) this.carry(chunk.subarray(from));
  }

  finish(): void {
    if (this.carriedBytes > 0 || this.skipping) this.endCarried();
  }

  private carry(piece: Buffer): void {
    if (this.skipping) return;
    this.carriedBytes += piece.length;
    this.skipping = this.carriedBytes > LIMITS.entryBytes;
    if (this.skipping) this.carried = [];
    else this.carried.push(Buffer.from(piece));
  }

  private endCarried(): void {
    const line = Buffer.concat(this.carried);
    if (this.skipping) this.rejected(TOO_LARGE);
    else this.checked(line, 0, line.length, false);
    this.carried = [];
    this.carriedBytes = 0;
    this.skipping = false;
  }

  private checked(source: Buffer, from: number, end: number, valid: boolean): void {
    let start = from;
    if (this.isFirst) {
      this.isFirst = false;
      if (source.subarray(from, from + BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) start += BYTE_ORDER_MARK.length;
    }
    if (end - start > LIMITS.entryBytes) this.rejected(TOO_LARGE);
    else if (!valid && !isUtf8(source.subarray(start, end))) this.rejected(NOT_UTF8);
    else this.line(source, start, end);
  }
}
