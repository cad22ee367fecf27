import { encode } from "@msgpack/msgpack";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { MSGPACK, MsgpackReader } from "./msgpack-reader";
import { writeEvent } from "./write-event";

/** A message in mode Message as forwardMessages reads it. @param event time and record, as they were sent */
export const taggedEvent = (tag: string, event: Buffer): Buffer => Buffer.concat([encode(tag), event]);

/** Messages in mode Message in Frames, each with its own tag before it: a sender's are stored together, however many tags it has. */
export function forwardMessages(sink: EntrySink): Decoder {
  const text = new EntryText();
  const reader = new MsgpackReader();
  return new FrameDecoder(sink, (source, from, end) => {
    const bytes = source.subarray(from, end);
    const eventAt = reader.read(bytes, 0) && reader.kind === MSGPACK.text ? reader.from + reader.size : bytes.length;
    if (eventAt < bytes.length) writeEvent(bytes, eventAt, bytes.toString("utf8", reader.from, eventAt), text, sink);
    else sink.rejected("a message must have a tag, a time and a record");
  });
}
