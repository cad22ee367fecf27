import { isUtf8 } from "node:buffer";
import { invalid, isFault, reasonOf } from "@/core/errors";
import type { Decoder } from "@/core/ingest/decode/decoder";
import { JsonWalker } from "@/core/ingest/decode/json-walker";

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
    const [only] = this.pieces;
    try {
      this.read(this.pieces.length === 1 && only ? only : Buffer.concat(this.pieces));
    } catch (error) {
      throw isFault(error) ? error : invalid(`the body can't be read: ${reasonOf(error)}`);
    }
  }
}

/** A document of JSON, which is checked as it is read. @throws Fault invalid */
export const jsonBody = (read: (walker: JsonWalker) => void) =>
  new WholeBody((body) => {
    if (!isUtf8(body)) throw invalid("the body is not valid UTF-8");
    const walker = new JsonWalker(body);
    read(walker);
    walker.end();
  });
