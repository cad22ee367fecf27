import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import { MsgpackEnd } from "./msgpack-end";
import { MSGPACK, MsgpackReader } from "./msgpack-reader";
import { writeEvent } from "./write-event";

/**
 * Events one after the other, each a list of time and record: the content of a packed message, or of the list of a message in mode
 * Forward (forward protocol, "Event Modes").
 * @param tag of them all
 */
export const forwardEvents =
  (tag: string) =>
  (sink: EntrySink): Decoder =>
    new ForwardEvents(tag, sink);

class ForwardEvents implements Decoder {
  private readonly queue = new ByteQueue();
  private readonly end = new MsgpackEnd();
  private readonly reader = new MsgpackReader();
  private readonly text = new EntryText();
  private isTooLong = false;

  constructor(
    private readonly tag: string,
    private readonly sink: EntrySink,
  ) {}

  get held(): number {
    return this.queue.length;
  }

  push(chunk: Buffer): void {
    this.queue.append(chunk);
    while (this.queue.length > 0) {
      const end = this.end.find(this.queue.bytes);
      if (end < 0) break;
      this.event(this.queue.take(end));
      this.end.reset();
    }
    // One that is too long is not kept until its end.
    this.isTooLong ||= this.held > LIMITS.entryBytes;
    if (this.isTooLong) this.queue.take(this.end.passOver(this.held));
  }

  finish(): void {
    if (this.held > 0 || this.isTooLong) throw invalid("the last event is not complete");
  }

  private event(bytes: Buffer): void {
    if (this.isTooLong) {
      this.isTooLong = false;
      this.sink.rejected(`an entry must be at most ${LIMITS.entryBytes} bytes`);
      return;
    }
    const { reader } = this;
    reader.read(bytes, 0);
    if (reader.kind === MSGPACK.array && reader.children >= 2)
      writeEvent(bytes, reader.from, this.tag, this.text, this.sink);
    else this.sink.rejected("an event must be a list of time and record");
  }
}
