import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import { NdjsonDecoder } from "@/core/ingest/decode/ndjson";
import { rewritten } from "@/core/ingest/protocols/rewritten";
import { readCompactEvent } from "./compact-event";
import { readRawEvent } from "./raw-event";

/** Events in the compact log event format, one a line (clef-json.org). */
export const clefLines = (sink: EntrySink): Decoder =>
  new NdjsonDecoder(rewritten(sink, (source, members, text) => readCompactEvent(source, members, text)));

/**
 * Events for Seq in a JSON document: in Seq's own form as the array `Events` of an object, else in the compact format, one, an array or one
 * a line (Seq, "Ingestion with HTTP", and its version 2, "POSTing raw events").
 */
export function seqEvents(sink: EntrySink): Decoder {
  const document: JsonDocumentDecoder = new JsonDocumentDecoder(
    rewritten(sink, (source, members, text) =>
      document.isWrapper ? readRawEvent(source, members, text) : readCompactEvent(source, members, text),
    ),
    "Events",
  );
  return document;
}
