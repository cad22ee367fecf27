import type { GeneratedLine } from "@/bench/generate-lines";
import { clefLines } from "@/core/ingest/protocols/clef/clef";
import { datadogLogs } from "@/core/ingest/protocols/datadog/datadog-logs";
import { BulkDecoder } from "@/core/ingest/protocols/elasticsearch/bulk";
import { gelf } from "@/core/ingest/protocols/gelf/gelf";
import { splunkEvents } from "@/core/ingest/protocols/splunk/splunk-events";
import { flatAttributes, syslogSeverity, type Wire } from "./wire";

const JSON_TYPE = { "content-type": "application/json" };
const NDJSON_TYPE = { "content-type": "application/x-ndjson" };

const secondsOf = ({ timestamp }: GeneratedLine) => timestamp.getTime() / 1000;
const objects = (lines: readonly GeneratedLine[], of: (line: GeneratedLine) => unknown): string[] =>
  lines.map((line) => JSON.stringify(of(line)));

/** As loggers in Elastic's Common Schema write lines, by the bulk helper of its client. */
function bulk(lines: readonly GeneratedLine[]): Buffer {
  const documents = objects(lines, (line) => ({
    "@timestamp": line.timestamp.toISOString(),
    "log.level": line.level,
    message: line.message,
    "service.name": line.service,
    ...JSON.parse(line.attributes),
  }));
  return Buffer.from(documents.map((document) => `{"create":{"_index":"logs"}}\n${document}\n`).join(""));
}

function datadog(lines: readonly GeneratedLine[]): Buffer {
  const logs = objects(lines, (line) => {
    const { host, ...attributes } = JSON.parse(line.attributes);
    return {
      message: line.message,
      status: line.level,
      timestamp: line.timestamp.getTime(),
      hostname: host,
      service: line.service,
      ddsource: "nodejs",
      ddtags: "env:prod,team:shop",
      ...attributes,
    };
  });
  return Buffer.from(`[${logs.join(",")}]`);
}

function gelfLines(lines: readonly GeneratedLine[]): Buffer {
  const messages = objects(lines, (line) => {
    const { host, ...attributes } = flatAttributes(line, "_");
    const own = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`_${name}`, value]));
    return {
      version: "1.1",
      host,
      short_message: line.message,
      timestamp: secondsOf(line),
      level: syslogSeverity(line),
      _service: line.service,
      ...own,
    };
  });
  return Buffer.from(messages.join("\n"));
}

/** Events as objects, one after the other, as libraries send them. */
function splunk(lines: readonly GeneratedLine[]): Buffer {
  const events = objects(lines, (line) => {
    const { host, ...attributes } = JSON.parse(line.attributes);
    const event = { severity: line.level, message: line.message, service: line.service, ...attributes };
    return { time: secondsOf(line), host, sourcetype: "_json", event };
  });
  return Buffer.from(events.join(""));
}

function clef(lines: readonly GeneratedLine[]): Buffer {
  const events = objects(lines, (line) => ({
    "@t": line.timestamp.toISOString(),
    "@mt": line.message,
    "@l": line.level,
    service: line.service,
    ...JSON.parse(line.attributes),
  }));
  return Buffer.from(events.join("\n"));
}

export const JSON_PROTOCOLS: readonly Wire[] = [
  {
    protocol: "elasticsearch",
    form: "bulk",
    kind: "json",
    body: bulk,
    decoder: (sink) => new BulkDecoder(sink, ""),
    to: { path: "/elasticsearch/_bulk", headers: NDJSON_TYPE },
  },
  {
    protocol: "datadog",
    form: "array",
    kind: "json",
    body: datadog,
    decoder: datadogLogs("json", { ddsource: "", ddtags: "", hostname: "", service: "" }, Date.now()),
    to: { path: "/api/v2/logs", headers: JSON_TYPE },
  },
  {
    protocol: "gelf",
    form: "lines",
    kind: "json",
    body: gelfLines,
    decoder: gelf,
    to: { path: "/gelf", headers: JSON_TYPE },
  },
  {
    protocol: "splunk",
    form: "events",
    kind: "json",
    body: splunk,
    decoder: splunkEvents,
    to: { path: "/services/collector/event", headers: JSON_TYPE },
  },
  {
    protocol: "clef",
    form: "lines",
    kind: "json",
    body: clef,
    decoder: clefLines,
    to: { path: "/ingest/clef", headers: { "content-type": "application/vnd.serilog.clef" } },
  },
];
