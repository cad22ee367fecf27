import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { writeEvent } from "./write-event";

/** Times and records of messages in mode Message, in Frames. @param tag of them all */
export const forwardMessages =
  (tag: string) =>
  (sink: EntrySink): Decoder => {
    const text = new EntryText();
    return new FrameDecoder(sink, (source, from, end) => writeEvent(source.subarray(from, end), 0, tag, text, sink));
  };
