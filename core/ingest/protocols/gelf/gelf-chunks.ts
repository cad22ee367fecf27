import { SECOND_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";

/** Of a chunk (Graylog, "GELF via UDP"): two bytes by which it is known, eight of the message's id, its place, how many there are. */
const MAGIC = 0x1e0f;
const ID_FROM = 2;
const PLACE_AT = 10;
const COUNT_AT = 11;
const HEADER_BYTES = 12;
const MOST_CHUNKS = 128;
/** "All chunks must arrive within five seconds". */
const WITHIN_MS = 5 * SECOND_MS;
/** What a chunk takes in memory besides its bytes. */
const OVERHEAD_BYTES = 256;

type Parts = { address: string; chunks: (Buffer | undefined)[]; missing: number; bytes: number; sinceMs: number };

/** Puts the chunks of messages together that are longer than a datagram, and holds LIMITS.gelfChunkBytes of them at the most. */
export class GelfChunks {
  /** By sender and id, the oldest first. */
  private readonly parts = new Map<string, Parts>();
  private held = 0;

  /** @param incomplete told of each message that is given up */
  constructor(private readonly incomplete: (address: string) => void) {}

  static isChunk = (datagram: Buffer): boolean => datagram.length >= HEADER_BYTES && datagram.readUInt16BE(0) === MAGIC;

  /**
   * @param datagram a chunk
   * @returns the message that it completes, null while others are missing
   */
  add(datagram: Buffer, address: string, nowMs: number): Buffer | null {
    this.giveUp(nowMs - WITHIN_MS);
    const place = datagram[PLACE_AT] ?? 0;
    const count = datagram[COUNT_AT] ?? 0;
    if (count === 0 || count > MOST_CHUNKS || place >= count) {
      this.incomplete(address);
      return null;
    }
    const id = `${address} ${datagram.toString("latin1", ID_FROM, PLACE_AT)}`;
    const parts = this.parts.get(id) ?? { address, chunks: [], missing: count, bytes: 0, sinceMs: nowMs };
    if (parts.chunks[place]) return null;
    const size = datagram.length + OVERHEAD_BYTES;
    parts.chunks[place] = datagram.subarray(HEADER_BYTES);
    parts.missing--;
    parts.bytes += size;
    this.held += size;
    this.parts.set(id, parts);
    if (parts.missing > 0) {
      this.keepBound();
      return null;
    }
    this.forget(id, parts);
    return Buffer.concat(parts.chunks.map((chunk) => chunk ?? Buffer.alloc(0)));
  }

  private giveUp(beforeMs: number): void {
    for (const [id, parts] of this.parts) {
      if (parts.sinceMs >= beforeMs) return;
      this.forget(id, parts);
      this.incomplete(parts.address);
    }
  }

  private keepBound(): void {
    for (const [id, parts] of this.parts) {
      if (this.held <= LIMITS.gelfChunkBytes) return;
      this.forget(id, parts);
      this.incomplete(parts.address);
    }
  }

  private forget(id: string, parts: Parts): void {
    this.parts.delete(id);
    this.held -= parts.bytes;
  }
}
