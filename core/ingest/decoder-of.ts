import type { Decoder, EntrySink } from "./decode/decoder";
import { JsonDocumentDecoder } from "./decode/json-document";
import { LinesOrDocumentDecoder } from "./decode/lines-or-document";
import { NdjsonDecoder } from "./decode/ndjson";
import { TextLinesDecoder } from "./decode/text-lines";

/** Of POST /api/logs. */
export type BodyFormat = "json" | "ndjson" | "text";

/** Reads what a protocol's sender sends (protocols/). */
export type ProtocolDecoder = (sink: EntrySink) => Decoder;

export function decoderOf(format: BodyFormat | ProtocolDecoder, sink: EntrySink, nowMs: number): Decoder {
  if (typeof format === "function") return format(sink);
  if (format === "text") return new LinesOrDocumentDecoder(sink, new TextLinesDecoder(sink, nowMs));
  return format === "ndjson"
    ? new LinesOrDocumentDecoder(sink, new NdjsonDecoder(sink))
    : new JsonDocumentDecoder(sink);
}
