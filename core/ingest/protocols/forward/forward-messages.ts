import { encode } from "@msgpack/msgpack";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { MsgpackEnd } from "./msgpack-end";
import { MSGPACK, MsgpackReader } from "./msgpack-reader";
import { writeEvent } from "./write-event";

/** A message in mode Message as forwardMessages reads it. @param event time and record, as they were sent */
export const taggedEvent = (tag: string, event: Buffer): Buffer => Buffer.concat([encode(tag), event]);

/** Messages in mode Message in Frames, each with its own tag before it: a sender's are stored together, however many tags it has. */
export function forwardMessages(sink: EntrySink): Decoder {
  const text = new EntryText();
  const reader = new MsgpackReader();
  const valueEnd = new MsgpackEnd();
  return new FrameDecoder(sink, (source, from, end) => {
    const bytes = source.subarray(from, end);
    if (!isWhole(bytes, valueEnd)) return sink.rejected("a message must be a tag, a time and a record");
    reader.read(bytes, 0);
    const eventAt = reader.from + reader.size;
    if (reader.kind !== MSGPACK.text) return sink.rejected("a tag must be a text");
    writeEvent(bytes, eventAt, bytes.toString("utf8", reader.from, eventAt), text, sink);
  });
}

/** A tag, a time and a record: beyond the end of a value that is not whole, bytes of others would be read. */
function isWhole(bytes: Buffer, end: MsgpackEnd): boolean {
  let at = 0;
  for (let values = 0; values < 3; values++) {
    end.reset();
    const size = end.find(bytes.subarray(at));
    if (size === -1) return false;
    at += size;
  }
  return at === bytes.length;
}
