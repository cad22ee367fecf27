import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { Frames } from "@/core/ingest/protocols/frames";
import { journalEntries } from "@/core/ingest/protocols/journal/journal-entries";
import { journalFrames } from "@/core/ingest/protocols/journal/journal-frames";

/** Reads a body of the journal in one thread, in both steps. */
export function journalBody(sink: EntrySink): Decoder {
  const entries = journalEntries(sink);
  const found = journalFrames({
    entry(source, from, end) {
      const frame = new Frames(end - from, 1);
      frame.add(source, from, end);
      entries.push(frame.bytes);
    },
    rejected: (reason) => sink.rejected(reason),
  });
  return {
    get held() {
      return found.held;
    },
    push: (chunk) => found.push(chunk),
    finish() {
      found.finish();
      entries.finish();
    },
  };
}
