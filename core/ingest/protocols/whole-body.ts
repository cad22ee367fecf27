import { isUtf8 } from "node:buffer";
import { invalid, isFault, reasonOf } from "@/core/errors";
import type { Decoder } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";

/** For documents whose parts may stand in any order, or that are compressed as one: kept until they have arrived. */
export class WholeBody implements Decoder {
  private readonly pieces: Buffer[] = [];
  held = 0;

  /** @param read takes the whole body; what it throws that is no Fault is told as a body that can't be read */
  constructor(private readonly read: (body: Buffer) => void) {}

  push(chunk: Buffer): void {
    this.pieces.push(chunk);
    this.held += chunk.length;
  }

  finish(): void {
    try {
      this.read(Buffer.concat(this.pieces));
    } catch (error) {
      throw isFault(error) ? error : invalid(`the body can't be read: ${reasonOf(error)}`);
    }
  }
}

/** A document of JSON, checked: what reads it may take what it holds for good. @throws Fault invalid */
export const jsonBody = (read: (body: Buffer) => void) =>
  new WholeBody((body) => {
    if (!isUtf8(body)) throw invalid("the body is not valid UTF-8");
    const scanner = new JsonScanner();
    scanner.reset(body, body.length);
    const end = scanner.scanValue(scanner.skipSpace(0), 0);
    const at = end < 0 ? scanner.reasonAt : scanner.skipSpace(end);
    if (end < 0 || at < body.length)
      throw invalid(`not JSON: ${end < 0 ? scanner.reason : "text after the document"} at byte ${at + 1}`);
    read(body);
  });
