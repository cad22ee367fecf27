import type { Decoder, EntrySink } from "./decoder";
import { JsonDocumentDecoder } from "./json-document";

/** An array of entries or the object around one, after a byte order mark or not; bytes are read as one character each. */
const DOCUMENT = /^(?:\u00ef\u00bb\u00bf)?\s*(?:\[\s*\{|\{\s*"logs"\s*:\s*\[)/;
/** Characters in which it can be told, and bytes in which it must be. */
const ENOUGH = 64;
const LOOK_AHEAD = 1_024;

/** What is sent as lines but may all the same be a JSON document of many entries: many clients say a type without being asked. */
export class LinesOrDocumentDecoder implements Decoder {
  private decoder: Decoder | null = null;
  /** Arrived before it could be told. */
  private beginning = "";

  constructor(
    private readonly sink: EntrySink,
    private readonly lines: Decoder,
  ) {}

  push(chunk: Buffer): void {
    if (this.decoder) {
      this.decoder.push(chunk);
      return;
    }
    const text = this.beginning + chunk.toString("latin1", 0, LOOK_AHEAD);
    if (text.length < LOOK_AHEAD && text.trimStart().length < ENOUGH) this.beginning = text;
    else this.begin(text).push(chunk);
  }

  finish(): void {
    (this.decoder ?? this.begin(this.beginning)).finish();
  }

  private begin(text: string): Decoder {
    this.decoder = DOCUMENT.test(text) ? new JsonDocumentDecoder(this.sink) : this.lines;
    if (this.beginning !== "") this.decoder.push(Buffer.from(this.beginning, "latin1"));
    return this.decoder;
  }
}
