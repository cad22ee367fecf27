import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { ByteQueue } from "./byte-queue";

/** Before each: its length, and whether it is the reason of a rejection. */
const HEAD_BYTES = 4;
const REJECTION = 0x8000_0000;
const FIRST_BYTES = 64 * 1024;

/** Collects messages or entries into one body, so that any thread can read them: FrameDecoder finds them in it again. */
export class Frames {
  private buffer: Buffer;
  /** Bytes, with their lengths. */
  length = 0;
  count = 0;

  /** @param bytes expected, without their lengths; it grows */
  constructor(bytes = FIRST_BYTES, count = 0) {
    this.buffer = Buffer.allocUnsafeSlow(bytes + count * HEAD_BYTES);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  add(source: Buffer, from = 0, end = source.length): void {
    this.put(source, from, end, 0);
  }

  addRejection(reason: string): void {
    this.put(Buffer.from(reason), 0, Buffer.byteLength(reason), REJECTION);
  }

  private put(source: Buffer, from: number, end: number, mark: number): void {
    const size = end - from;
    const needed = this.length + HEAD_BYTES + size;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(needed * 2);
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.buffer.writeUInt32LE(mark + size, this.length);
    source.copy(this.buffer, this.length + HEAD_BYTES, from, end);
    this.length = needed;
    this.count++;
  }
}

/** Reads a body that Frames has made, in any pieces. */
export class FrameDecoder implements Decoder {
  private readonly queue = new ByteQueue();

  /** @param read is given where a frame stands; its bytes are valid during the call */
  constructor(
    private readonly sink: EntrySink,
    private readonly read: (source: Buffer, from: number, end: number) => void,
  ) {}

  get held(): number {
    return this.queue.length;
  }

  push(chunk: Buffer): void {
    const { queue, sink } = this;
    queue.append(chunk);
    const { bytes } = queue;
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const head = bytes.readUInt32LE(at);
      const from = at + HEAD_BYTES;
      const end = from + (head % REJECTION);
      if (end > bytes.length) break;
      if (head >= REJECTION) sink.rejected(bytes.toString("utf8", from, end));
      else this.read(bytes, from, end);
      at = end;
    }
    queue.take(at);
  }

  finish(): void {
    if (this.queue.length > 0) throw invalid("the last message is not complete");
  }
}
