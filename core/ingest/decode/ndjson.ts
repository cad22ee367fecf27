import { isUtf8 } from "node:buffer";
import { LIMITS } from "@/core/limits";
import type { Decoder, EntrySink } from "./decoder";

const NEWLINE = 0x0a;
const TOO_LARGE = `an entry must be at most ${LIMITS.entryBytes} bytes`;
const NOT_UTF8 = "not valid UTF-8";

/** One JSON value a line (https://github.com/ndjson/ndjson-spec). Blank lines are passed over; a line that is wrong is rejected alone. */
export class NdjsonDecoder implements Decoder {
  /** The beginning of a line whose end has not arrived. */
  private carried: Buffer[] = [];
  private carriedBytes = 0;
  private skipping = false;

  constructor(private readonly sink: EntrySink) {}

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
        this.line(chunk, from, newline, valid);
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
    if (this.skipping) this.sink.rejected(TOO_LARGE);
    else this.line(line, 0, line.length, false);
    this.carried = [];
    this.carriedBytes = 0;
    this.skipping = false;
  }

  private line(source: Buffer, from: number, end: number, valid: boolean): void {
    let start = from;
    let stop = end;
    while (start < stop && isSpace(source[start])) start++;
    while (stop > start && isSpace(source[stop - 1])) stop--;
    if (start === stop) return;
    if (stop - start > LIMITS.entryBytes) this.sink.rejected(TOO_LARGE);
    else if (!valid && !isUtf8(source.subarray(start, stop))) this.sink.rejected(NOT_UTF8);
    else this.sink.entry(source, start, stop);
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d;
