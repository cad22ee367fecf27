import type { Decoder, EntrySink } from "./decode/decoder";
import { JsonDocumentDecoder } from "./decode/json-document";
import { LinesOrDocumentDecoder } from "./decode/lines-or-document";
import { NdjsonDecoder } from "./decode/ndjson";
import { TextLinesDecoder } from "./decode/text-lines";
import { type ProtocolFormat, protocolDecoder } from "./protocols/protocol-format";

/** Of POST /api/logs. */
export type BodyFormat = "json" | "ndjson" | "text";

/** Of Serilog.Sinks.Http before its version 8. */
const SERILOG_ARRAY = "events";

/** Of a body whose entries become rows as they arrive, in any thread. */
export type StreamFormat = BodyFormat | ProtocolFormat;

/** @param nowMs for times without a year or a day */
export function decoderOf(format: StreamFormat, sink: EntrySink, nowMs: number): Decoder {
  if (typeof format === "object") return protocolDecoder(format, sink, nowMs);
  if (format === "text") return new LinesOrDocumentDecoder(sink, new TextLinesDecoder(sink, nowMs));
  return format === "ndjson"
    ? new LinesOrDocumentDecoder(sink, new NdjsonDecoder(sink))
    : new JsonDocumentDecoder(sink, "logs", SERILOG_ARRAY);
}
