import { OPEN_BRACE } from "@/core/ascii";
import { isFault } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { ExportReader } from "./export-reader";
import { PlainEntry } from "./plain-entry";
import { writeEntry } from "./write-entry";

/** Reads entries of the journal that journalFrames has found: each as it was sent, or as JSON. Fields keep their names; where one stands twice it is an array. */
export function journalEntries(sink: EntrySink): Decoder {
  const text = new EntryText();
  const plain = new PlainEntry();
  return new FrameDecoder(sink, (source, from, end) => {
    if (source[from] === OPEN_BRACE) sink.entry(source, from, end);
    else if (plain.write(source, from, text, sink) < 0) readFields(source.subarray(from, end), text, sink);
  });
}

function readFields(entry: Buffer, text: EntryText, sink: EntrySink): void {
  const reader = new ExportReader((fields) => writeEntry(fields, text, sink));
  let isRead = true;
  try {
    reader.readEntry(entry, 0);
  } catch (error) {
    if (!isFault(error)) throw error;
    isRead = false;
  }
  // Each entry gives one or the other: whoever sent it counts them.
  if (!isRead || !reader.isBetween) sink.rejected("a line is neither NAME=value nor a name");
}
