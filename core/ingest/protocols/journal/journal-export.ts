import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { ExportReader } from "./export-reader";
import { PlainEntry } from "./plain-entry";
import { writeEntry } from "./write-entry";

/** Entries of systemd's journal, as systemd-journal-upload sends them. Fields keep their names; where one stands twice it is an array. */
export function journalExport(sink: EntrySink): Decoder {
  const text = new EntryText();
  const plain = new PlainEntry();
  const reader = new ExportReader((fields) => writeEntry(fields, text, sink));
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const end = reader.isBetween ? plain.write(chunk, at, text, sink) : -1;
        at = end >= 0 ? end : reader.readEntry(chunk, at);
      }
      reader.endChunk(chunk);
    },
    finish() {
      if (!reader.finish()) sink.rejected("the entry breaks off before its end");
    },
  };
}
