import { tooLarge } from "@/core/errors";
import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { MsgpackEnd } from "./msgpack-end";

/** Finds the messages in the bytes of a connection: each is a value of MessagePack. */
export class ForwardFrames {
  private readonly queue = new ByteQueue();
  private readonly end = new MsgpackEnd();

  /** Bytes of a message that has not arrived whole. */
  get held(): number {
    return this.queue.length;
  }

  /**
   * @param mostBytes that a message may have
   * @throws Fault invalid for what is no MessagePack, too_large
   */
  *push(chunk: Buffer, mostBytes: () => number): Generator<Buffer> {
    this.queue.append(chunk);
    while (this.queue.length > 0) {
      const end = this.end.find(this.queue.bytes);
      if ((end < 0 ? this.end.least : end) > mostBytes())
        throw tooLarge(`a message has more than ${mostBytes()} bytes`);
      if (end < 0) return;
      this.end.reset();
      yield this.queue.take(end);
    }
  }
}
