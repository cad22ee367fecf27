import { LineDecoder } from "./line-decoder";

/** One JSON value a line (https://github.com/ndjson/ndjson-spec). Blank lines are passed over; a line that is wrong is rejected alone. */
export class NdjsonDecoder extends LineDecoder {
  protected line(source: Buffer, from: number, end: number): void {
    let start = from;
    let stop = end;
    while (start < stop && isSpace(source[start])) start++;
    while (stop > start && isSpace(source[stop - 1])) stop--;
    if (start < stop) this.sink.entry(source, start, stop);
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d;
