import { isFault } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { gelf } from "./gelf";

/** Messages of the Graylog Extended Log Format in Frames, each by itself: what is wrong with one is told of it alone. */
export const gelfMessages = (sink: EntrySink): Decoder =>
  new FrameDecoder(sink, (source, from, end) => {
    const decoder = gelf(sink);
    try {
      decoder.push(source.subarray(from, end));
      decoder.finish();
    } catch (error) {
      if (!isFault(error)) throw error;
      sink.rejected(error.message);
    }
  });
