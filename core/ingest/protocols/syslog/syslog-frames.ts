import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { LIMITS } from "@/core/limits";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = 0x00;
const SPACE = 0x20;
const LESS = 0x3c;
const ZERO = 0x30;
const COUNT_DIGITS = 9;

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= ZERO && byte <= 0x39;

/**
 * Finds the messages in the bytes of a connection: those whose length is told before them, and those that end with a line feed or NUL
 * (RFC 6587, 3.4). What a message has beyond LIMITS.syslogMessageBytes is passed over.
 */
export class SyslogFrames {
  private readonly queue = new ByteQueue();
  /** Bytes of the message that the queue begins with. */
  private count = 0;
  /** So many bytes of the queue hold no end of a line. */
  private scanned = 0;
  /** Of a message that was too long: bytes to pass over, or all up to the end of the line. */
  private passOver: number | "line" = 0;

  /** Bytes of a message that has not arrived whole. */
  get held(): number {
    return this.queue.length;
  }

  push(chunk: Buffer): Buffer[] {
    this.queue.append(chunk);
    const frames: Buffer[] = [];
    for (let frame = this.next(); frame; frame = this.next()) {
      if (!isEmpty(frame)) frames.push(frame);
    }
    return frames;
  }

  /** What the sender left without an end when it closed the connection. */
  finish(): Buffer[] {
    return this.passOver === 0 && this.held > 0 ? [this.queue.take(this.held)] : [];
  }

  private next(): Buffer | null {
    if (!this.passRest() || this.held === 0) return null;
    const from = this.readCount();
    if (from === 0) return this.nextLine();
    if (from < 0) return null;
    const length = this.count;
    if (this.held < from + Math.min(length, LIMITS.syslogMessageBytes)) return null;
    this.queue.take(from);
    this.passOver = Math.max(0, length - LIMITS.syslogMessageBytes);
    return this.queue.take(length - this.passOver);
  }

  /**
   * Reads a length, and the beginning of the message that it counts, as a line of text may begin with a number too.
   * @returns where the message begins; 0 for none, -1 when that can't be told yet
   */
  private readCount(): number {
    const { bytes } = this.queue;
    let at = 0;
    let count = 0;
    while (at < COUNT_DIGITS && isDigit(bytes[at])) count = count * 10 + (bytes[at++] as number) - ZERO;
    if (at === 0 || bytes[0] === ZERO) return 0;
    this.count = count;
    if (at === bytes.length) return -1;
    if (bytes[at] !== SPACE) return 0;
    if (at + 1 === bytes.length) return -1;
    return bytes[at + 1] === LESS ? at + 1 : 0;
  }

  private nextLine(): Buffer | null {
    const end = this.lineEnd();
    if (end < 0 && this.held <= LIMITS.syslogMessageBytes) return null;
    const length = Math.min(end < 0 ? this.held : end, LIMITS.syslogMessageBytes);
    const frame = this.queue.take(length);
    this.scanned = 0;
    if (length === end) this.queue.take(1);
    else this.passOver = "line";
    return frame;
  }

  /** @returns false when the rest has not arrived whole */
  private passRest(): boolean {
    if (this.passOver === "line") {
      const end = this.lineEnd();
      this.queue.take(end < 0 ? this.held : end + 1);
      this.scanned = 0;
      if (end < 0) return false;
      this.passOver = 0;
    }
    this.passOver -= this.queue.take(this.passOver).length;
    return this.passOver === 0;
  }

  private lineEnd(): number {
    const { bytes } = this.queue;
    for (let at = this.scanned; at < bytes.length; at++) {
      if (bytes[at] === LINE_FEED || bytes[at] === NUL) return at;
    }
    this.scanned = bytes.length;
    return -1;
  }
}

/** Between messages stands a line break too many, with some senders. */
const isEmpty = (frame: Buffer) => frame.length === 0 || (frame.length === 1 && frame[0] === CARRIAGE_RETURN);
