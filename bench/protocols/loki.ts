import protobuf from "protobufjs/minimal.js";
import { compress } from "snappyjs";
import type { GeneratedLine } from "@/bench/generate-lines";
import { lokiJson } from "@/core/ingest/protocols/loki/loki-json";
import { lokiProtobuf } from "@/core/ingest/protocols/loki/loki-protobuf";
import { flatAttributes, grouped, nanoseconds, type Wire } from "./wire";

const PATH = "/loki/api/v1/push";

/** Streams by service and level, the attributes as structured metadata, as Alloy and Vector send them. */
const streamsOf = (lines: readonly GeneratedLine[]) =>
  [...grouped(lines, ({ service, level }) => `${service} ${level}`).values()].flatMap((values) => {
    const [first] = values;
    return first ? [{ labels: { service_name: first.service, level: first.level }, values }] : [];
  });

const metadataOf = (line: GeneratedLine) =>
  Object.entries(flatAttributes(line, "_")).map(([name, value]) => [name, String(value)] as const);

function jsonBody(lines: readonly GeneratedLine[]): Buffer {
  const streams = streamsOf(lines).map(({ labels, values }) => ({
    stream: labels,
    values: values.map((line) => [nanoseconds(line), line.message, Object.fromEntries(metadataOf(line))]),
  }));
  return Buffer.from(JSON.stringify({ streams }));
}

/** Tags of a message's fields that have a length before them. */
const field = (number: number) => (number << 3) | 2;

function protobufBody(lines: readonly GeneratedLine[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const { labels, values } of streamsOf(lines)) {
    const written = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    writer.uint32(field(1)).fork();
    writer.uint32(field(1)).string(`{${written.join(", ")}}`);
    for (const line of values) {
      writer.uint32(field(2)).fork();
      const ms = line.timestamp.getTime();
      writer
        .uint32(field(1))
        .fork()
        .uint32(8)
        .int64(Math.floor(ms / 1000));
      writer
        .uint32(16)
        .int32((ms % 1000) * 1e6)
        .ldelim();
      writer.uint32(field(2)).string(line.message);
      for (const [name, value] of metadataOf(line))
        writer.uint32(field(3)).fork().uint32(field(1)).string(name).uint32(field(2)).string(value).ldelim();
      writer.ldelim();
    }
    writer.ldelim();
  }
  return Buffer.from(compress(writer.finish()));
}

export const LOKI: readonly Wire[] = [
  {
    protocol: "loki",
    form: "JSON",
    kind: "json",
    body: jsonBody,
    decoder: lokiJson,
    to: { path: PATH, headers: { "content-type": "application/json" } },
  },
  {
    protocol: "loki",
    form: "protobuf",
    kind: "binary",
    body: protobufBody,
    decoder: lokiProtobuf,
    to: { path: PATH, headers: { "content-type": "application/x-protobuf" } },
  },
];
