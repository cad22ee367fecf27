import { NUL } from "@/core/ascii";
import { tooLarge } from "@/core/errors";
import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { LIMITS } from "@/core/limits";

/** Finds the messages in the bytes of a connection: each ends with NUL (Graylog, "GELF via TCP"). */
export class GelfFrames {
  private readonly queue = new ByteQueue();
  /** So many bytes of the queue hold no end. */
  private scanned = 0;

  /** Bytes of a message that has not arrived whole. */
  get held(): number {
    return this.queue.length;
  }

  /** @throws Fault too_large for a message of more than LIMITS.entryBytes */
  push(chunk: Buffer): Buffer[] {
    this.queue.append(chunk);
    const frames: Buffer[] = [];
    for (let end = this.nextEnd(); end >= 0; end = this.nextEnd()) {
      const frame = this.queue.take(end);
      this.queue.take(1);
      this.scanned = 0;
      if (frame.length > 0) frames.push(frame);
    }
    this.scanned = this.queue.length;
    if (this.held > LIMITS.entryBytes) throw tooLarge(`a message has more than ${LIMITS.entryBytes} bytes`);
    return frames;
  }

  /** What the sender left without an end when it closed the connection. */
  finish(): Buffer[] {
    return this.held > 0 ? [this.queue.take(this.held)] : [];
  }

  private nextEnd(): number {
    return this.queue.bytes.indexOf(NUL, this.scanned);
  }
}
