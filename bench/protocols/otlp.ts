import protobuf from "protobufjs/minimal.js";
import type { GeneratedLine } from "@/bench/generate-lines";
import { otlpJson } from "@/core/ingest/protocols/otlp/otlp-json";
import { otlpProtobuf } from "@/core/ingest/protocols/otlp/otlp-protobuf";
import { flatAttributes, grouped, nanoseconds, severityNumber, type Wire } from "./wire";

const PATH = "/v1/logs";
const SCOPE = "shop";
const TRACE_ID_CHARACTERS = 32;

/** The attributes of a record; the trace's id is a field of its own. */
function recordOf(line: GeneratedLine) {
  const { trace_id, ...attributes } = flatAttributes(line);
  return { attributes: Object.entries(attributes), traceId: String(trace_id).padStart(TRACE_ID_CHARACTERS, "0") };
}

const jsonRecord = (line: GeneratedLine) => {
  const { attributes, traceId } = recordOf(line);
  return {
    timeUnixNano: nanoseconds(line),
    observedTimeUnixNano: nanoseconds(line),
    severityNumber: severityNumber(line),
    severityText: line.level.toUpperCase(),
    body: { stringValue: line.message },
    attributes: attributes.map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
    })),
    traceId,
  };
};

/** Records by the resource that they are of, as SDKs and collectors batch them. */
function jsonBody(lines: readonly GeneratedLine[]): Buffer {
  const resourceLogs = [...grouped(lines, ({ service }) => service)].map(([service, records]) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeLogs: [{ scope: { name: SCOPE }, logRecords: records.map(jsonRecord) }],
  }));
  return Buffer.from(JSON.stringify({ resourceLogs }));
}

const bytes = (number: number) => (number << 3) | 2;
const varint = (number: number) => number << 3;
const fixed64 = (number: number) => (number << 3) | 1;

function writeAttribute(writer: protobuf.Writer, number: number, key: string, value: string | number): void {
  writer.uint32(bytes(number)).fork().uint32(bytes(1)).string(key).uint32(bytes(2)).fork();
  if (typeof value === "number") writer.uint32(varint(3)).int64(value);
  else writer.uint32(bytes(1)).string(value);
  writer.ldelim().ldelim();
}

function writeTime(writer: protobuf.Writer, number: number, line: GeneratedLine): void {
  const nanos = BigInt(nanoseconds(line));
  writer
    .uint32(fixed64(number))
    .fixed32(Number(nanos & 0xffff_ffffn))
    .fixed32(Number(nanos >> 32n));
}

function writeRecord(writer: protobuf.Writer, line: GeneratedLine): void {
  const { attributes, traceId } = recordOf(line);
  writer.uint32(bytes(2)).fork();
  writeTime(writer, 1, line);
  writer.uint32(varint(2)).int32(severityNumber(line)).uint32(bytes(3)).string(line.level.toUpperCase());
  writer.uint32(bytes(5)).fork().uint32(bytes(1)).string(line.message).ldelim();
  for (const [key, value] of attributes) writeAttribute(writer, 6, key, value);
  writer.uint32(bytes(9)).bytes(Buffer.from(traceId, "hex"));
  writeTime(writer, 11, line);
  writer.ldelim();
}

function protobufBody(lines: readonly GeneratedLine[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const [service, records] of grouped(lines, ({ service }) => service)) {
    writer.uint32(bytes(1)).fork();
    writer.uint32(bytes(1)).fork();
    writeAttribute(writer, 1, "service.name", service);
    writer.ldelim();
    writer.uint32(bytes(2)).fork().uint32(bytes(1)).fork().uint32(bytes(1)).string(SCOPE).ldelim();
    for (const record of records) writeRecord(writer, record);
    writer.ldelim().ldelim();
  }
  return Buffer.from(writer.finish());
}

export const OTLP: readonly Wire[] = [
  {
    protocol: "otlp",
    form: "JSON",
    kind: "json",
    body: jsonBody,
    decoder: otlpJson,
    to: { path: PATH, headers: { "content-type": "application/json" } },
  },
  {
    protocol: "otlp",
    form: "protobuf",
    kind: "binary",
    body: protobufBody,
    decoder: otlpProtobuf,
    to: { path: PATH, headers: { "content-type": "application/x-protobuf" } },
  },
];
