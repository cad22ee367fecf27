import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { clefLines, seqEvents } from "./clef/clef";
import { type DatadogParameters, datadogLogs } from "./datadog/datadog-logs";
import { BulkDecoder, bulkDocument } from "./elasticsearch/bulk";
import { forwardEvents } from "./forward/forward-events";
import { forwardMessages } from "./forward/forward-messages";
import { gelf, gelfWithoutSource } from "./gelf/gelf";
import { gelfMessages } from "./gelf/gelf-messages";
import { journalEntries } from "./journal/journal-entries";
import { logplex } from "./logplex/logplex";
import { lokiJson } from "./loki/loki-json";
import { lokiProtobuf } from "./loki/loki-protobuf";
import { otlpJson } from "./otlp/otlp-json";
import { otlpProtobuf } from "./otlp/otlp-protobuf";
import { splunkEvents } from "./splunk/splunk-events";
import { splunkRaw } from "./splunk/splunk-raw";
import { type SyslogSender, syslogMessages } from "./syslog/syslog-messages";
import { vercelLogs } from "./vercel/vercel";

/** Bodies whose protocol alone says how they are read. `journal_entries` are in Frames. */
const ALONE = {
  clef: clefLines,
  seq: seqEvents,
  gelf,
  gelf_without_source: gelfWithoutSource,
  journal_entries: journalEntries,
  loki_json: lokiJson,
  loki_protobuf: lokiProtobuf,
  otlp_json: otlpJson,
  otlp_protobuf: otlpProtobuf,
  splunk: splunkEvents,
  vercel: vercelLogs,
} as const;

/** Messages of a listener, which are stored together: their bytes in Frames. */
export type MessageFormat =
  | { protocol: "gelf_messages" | "forward_messages" }
  | ({ protocol: "syslog_messages" } & SyslogSender);

/** In which form a protocol's sender has written a body. Plain data, so that a body can be read in any thread. */
export type ProtocolFormat =
  | { protocol: keyof typeof ALONE }
  | { protocol: "datadog"; type: "json" | "text"; shared: DatadogParameters }
  | { protocol: "elasticsearch_bulk" | "elasticsearch_document"; index: string }
  | { protocol: "forward"; tag: string }
  | { protocol: "logplex" }
  | { protocol: "splunk_raw"; metadata: Parameters<typeof splunkRaw>[0] }
  | MessageFormat;

/** @param nowMs for times without a year or a day */
export function protocolDecoder(format: ProtocolFormat, sink: EntrySink, nowMs: number): Decoder {
  switch (format.protocol) {
    case "datadog":
      return datadogLogs(format.type, format.shared, nowMs)(sink);
    case "elasticsearch_bulk":
      return new BulkDecoder(sink, format.index);
    case "elasticsearch_document":
      return bulkDocument(sink, format.index);
    case "forward":
      return forwardEvents(format.tag)(sink);
    case "forward_messages":
      return forwardMessages(sink);
    case "gelf_messages":
      return gelfMessages(sink);
    case "logplex":
      return logplex(nowMs)(sink);
    case "splunk_raw":
      return splunkRaw(format.metadata, nowMs)(sink);
    case "syslog_messages":
      return syslogMessages(format, nowMs)(sink);
    default:
      return ALONE[format.protocol](sink);
  }
}
