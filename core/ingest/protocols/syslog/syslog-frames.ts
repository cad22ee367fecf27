import { CARRIAGE_RETURN, isDigit, LESS, NEWLINE, NUL, SPACE, ZERO } from "@/core/ascii";
import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { LIMITS } from "@/core/limits";

const COUNT_DIGITS = 9;

const NONE = Buffer.alloc(0);
/** In place of where a message begins. */
const LINE = -1;
const UNKNOWN = -2;

/** Messages in bytes: from where to where each stands, one pair of numbers after the other. */
export type FoundFrames = { bytes: Buffer; places: readonly number[] };

/** Gives each message, as a view of the bytes of all. */
export function eachFrame({ bytes, places }: FoundFrames, take: (frame: Buffer) => void): void {
  for (let index = 0; index < places.length; index += 2) take(bytes.subarray(places[index], places[index + 1]));
}

/**
 * Finds the messages in the bytes of a connection: those whose length is told before them, and those that end with a line feed or NUL
 * (RFC 6587, 3.4). What a message has beyond LIMITS.syslogMessageBytes is passed over.
 */
export class SyslogFrames {
  private readonly queue = new ByteQueue();
  /** Those of the queue while it is looked through, and how far that has come. */
  private bytes: Buffer = NONE;
  private at = 0;
  /** Up to here no line ends. */
  private scanned = 0;
  private readonly lineFeeds = new NextByte(NEWLINE);
  private readonly nuls = new NextByte(NUL);
  /** Bytes of the message that stands at the place where it is looked. */
  private count = 0;
  /** Of a message that was too long: bytes to pass over, or all up to the end of the line. */
  private passOver: number | "line" = 0;

  /** Bytes of a message that has not arrived whole. */
  get held(): number {
    return this.queue.length;
  }

  /** What it gives stays as it is. */
  push(chunk: Buffer): FoundFrames {
    this.queue.append(chunk);
    const { bytes } = this.queue;
    const places: number[] = [];
    this.bytes = bytes;
    this.at = 0;
    this.lineFeeds.forget();
    this.nuls.forget();
    while (this.next(places));
    this.queue.take(this.at);
    this.scanned = Math.max(0, this.scanned - this.at);
    this.bytes = NONE;
    return { bytes, places };
  }

  /** What the sender left without an end when it closed the connection. */
  finish(): FoundFrames {
    const bytes = this.queue.take(this.held);
    return { bytes, places: this.passOver === 0 && bytes.length > 0 ? [0, bytes.length] : [] };
  }

  /** @returns false when no further message has arrived whole */
  private next(places: number[]): boolean {
    const { bytes } = this;
    if (!this.passRest() || this.at === bytes.length) return false;
    const from = this.readCount();
    if (from === LINE) return this.nextLine(places);
    if (from === UNKNOWN) return false;
    const length = Math.min(this.count, LIMITS.syslogMessageBytes);
    if (bytes.length < from + length) return false;
    this.at = from + length;
    this.passOver = this.count - length;
    this.found(places, from, this.at);
    return true;
  }

  /**
   * Reads a length, and the beginning of the message that it counts, as a line of text may begin with a number too.
   * @returns where the message begins; LINE for none, UNKNOWN when that can't be told yet
   */
  private readCount(): number {
    const { bytes } = this;
    const digits = this.at;
    let at = digits;
    let count = 0;
    while (at < digits + COUNT_DIGITS && isDigit(bytes[at])) count = count * 10 + (bytes[at++] as number) - ZERO;
    if (at === digits || bytes[digits] === ZERO) return LINE;
    this.count = count;
    if (at === bytes.length) return UNKNOWN;
    if (bytes[at] !== SPACE) return LINE;
    if (at + 1 === bytes.length) return UNKNOWN;
    return bytes[at + 1] === LESS ? at + 1 : LINE;
  }

  private nextLine(places: number[]): boolean {
    const from = this.at;
    const end = this.lineEnd();
    const most = from + LIMITS.syslogMessageBytes;
    if (end < 0 && this.bytes.length <= most) return false;
    if (end >= 0 && end <= most) {
      this.at = end + 1;
      this.found(places, from, end);
      return true;
    }
    this.at = most;
    this.passOver = "line";
    this.found(places, from, most);
    return true;
  }

  /** @returns false when the rest has not arrived whole */
  private passRest(): boolean {
    if (this.passOver === "line") {
      const end = this.lineEnd();
      this.at = end < 0 ? this.bytes.length : end + 1;
      if (end < 0) return false;
      this.passOver = 0;
    }
    const passed = Math.min(this.passOver, this.bytes.length - this.at);
    this.at += passed;
    this.passOver -= passed;
    return this.passOver === 0;
  }

  /** Of the line that is being read, -1 when it has not arrived. */
  private lineEnd(): number {
    const { bytes } = this;
    this.scanned = Math.max(this.scanned, this.at);
    const lineFeed = this.lineFeeds.find(bytes, this.scanned);
    const nul = this.nuls.find(bytes, this.scanned);
    const end = lineFeed >= 0 && (nul < 0 || lineFeed < nul) ? lineFeed : nul;
    this.scanned = end < 0 ? bytes.length : end;
    return end;
  }

  /** Between messages stands a line break too many, with some senders. */
  private found(places: number[], from: number, end: number): void {
    const isEmpty = end === from || (end - from === 1 && this.bytes[from] === CARRIAGE_RETURN);
    if (!isEmpty) places.push(from, end);
  }
}

/** Where a byte stands next, looked for once however often it is asked for in vain. */
class NextByte {
  /** -1 for none. */
  private place = UNKNOWN;

  constructor(private readonly byte: number) {}

  /** There are other bytes. */
  forget(): void {
    this.place = UNKNOWN;
  }

  /** @param from further on than at the last call, or there */
  find(bytes: Buffer, from: number): number {
    if (this.place !== -1 && this.place < from) this.place = bytes.indexOf(this.byte, from);
    return this.place;
  }
}
