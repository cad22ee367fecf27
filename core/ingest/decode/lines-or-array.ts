import type { Decoder, EntrySink } from "./decoder";
import { JsonDocumentDecoder } from "./json-document";
import { NdjsonDecoder } from "./ndjson";

const OPEN_OBJECT = 0x7b;
/** Bytes in which it must be told; an array that begins with more space is taken for lines. */
const LOOK_AHEAD = 1_024;
const ARRAY_OF_ENTRIES = /^\s*\[\s*\{/;
/** What may still become one. */
const MAY_BE_ARRAY = /^\s*(?:\[\s*)?$/;

/** What is sent under a type of JSON lines: lines, or all the same an array of entries. */
export class LinesOrArrayDecoder implements Decoder {
  private decoder: Decoder | null = null;
  /** Arrived before it could be told. */
  private beginning = "";

  constructor(private readonly sink: EntrySink) {}

  push(chunk: Buffer): void {
    if (this.decoder) {
      this.decoder.push(chunk);
      return;
    }
    const isLine = this.beginning === "" && chunk[0] === OPEN_OBJECT;
    const text = isLine ? "" : this.beginning + chunk.toString("latin1", 0, LOOK_AHEAD);
    if (!isLine && text.length < LOOK_AHEAD && MAY_BE_ARRAY.test(text)) this.beginning = text;
    else this.begin(ARRAY_OF_ENTRIES.test(text)).push(chunk);
  }

  finish(): void {
    (this.decoder ?? this.begin(false)).finish();
  }

  private begin(isArray: boolean): Decoder {
    this.decoder = isArray ? new JsonDocumentDecoder(this.sink) : new NdjsonDecoder(this.sink);
    if (this.beginning !== "") this.decoder.push(Buffer.from(this.beginning));
    return this.decoder;
  }
}
