import protobuf from "protobufjs/minimal.js";
import snappy from "snappyjs";
import { describe, expect, test } from "vitest";
import type { ProtocolDecoder } from "@/core/ingest/decode/decoder";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { parseLabels } from "./labels";
import { lokiJson } from "./loki-json";
import { lokiProtobuf } from "./loki-protobuf";

/** 2026-11-26T15:00:00.123456789Z */
const NANOS = "1795705200123456789";
const MICROS = "1795705200123456";

const push = (...streams: unknown[]) => JSON.stringify({ streams });

describe("JSON", () => {
  test("given streams with labels and metadata, then each value is an entry with the time to the microsecond", () => {
    const body = push(
      {
        stream: { job: "nginx", host: "a" },
        values: [
          [NANOS, "GET / 200"],
          [NANOS, 'it\'s "late"', { trace_id: "ab" }],
        ],
      },
      { stream: { service_name: "pay", level: "error" }, values: [[NANOS, "declined"]] },
    );

    const found = readEntries(lokiJson, [body]);

    expect(found).toMatchObject([
      {
        micros: MICROS,
        service: "nginx",
        level: "info",
        message: "GET / 200",
        attributes: { job: "nginx", host: "a" },
      },
      { message: 'it\'s "late"', attributes: { job: "nginx", host: "a", trace_id: "ab" } },
      { micros: MICROS, service: "pay", level: "error", message: "declined", attributes: {} },
    ]);
  });

  test("given a line that is JSON, then its members are read, and the labels stay", () => {
    const line = JSON.stringify({ level: "warn", msg: "slow", ms: 12 });

    const [entry] = readEntries(lokiJson, [push({ stream: { app: "shop", pod: "p1" }, values: [[NANOS, line]] })]);

    expect(entry).toMatchObject({
      service: "shop",
      level: "warning",
      message: "slow",
      micros: MICROS,
      attributes: { ms: 12, pod: "p1" },
    });
  });

  test("given what Vector's sink sends, a file's lines as they are and events as JSON, then each has its labels and time", () => {
    const event = JSON.stringify({
      file: "/var/log/shop/app.log",
      host: "web1",
      message: '{"level":"warn","msg":"slow"}',
      source_type: "file",
      timestamp: "2026-11-26T15:00:00.123456789Z",
    });
    const body = push(
      { stream: { forwarder: "vector", service: "shop" }, values: [[NANOS, "ERROR card declined"]] },
      { stream: { forwarder: "vector" }, values: [[NANOS, event]] },
    );

    expect(readEntries(lokiJson, [body], { service: "fallback" })).toMatchObject([
      {
        micros: MICROS,
        service: "shop",
        level: "error",
        message: "ERROR card declined",
        attributes: { forwarder: "vector" },
      },
      {
        micros: MICROS,
        service: "fallback",
        level: "warning",
        message: "slow",
        attributes: { file: "/var/log/shop/app.log", host: "web1", source_type: "file" },
      },
    ]);
  });

  test("given the values before their stream, and the body in single bytes, then it is read the same", () => {
    const body = `{"streams":[{"values":[["${NANOS}","m"]],"stream":{"service":"s"}}]}`;

    const found = readEntries(
      lokiJson,
      [...Buffer.from(body)].map((byte) => Uint8Array.of(byte)),
    );

    expect(found).toMatchObject([{ service: "s", message: "m", micros: MICROS }]);
  });

  test.each([
    ["no JSON", "streams", "not JSON"],
    ["no streams", "{}", 'the body must be an object with the member "streams"'],
    ["a stream without values", '{"streams":[{"stream":{}}]}', 'a stream must have the members "stream" and "values"'],
  ])("given %s, then the body is refused with what is wrong", (_, body, reason) => {
    expect(() => readEntries(lokiJson, [body])).toThrow(reason);
  });

  test("given a value that is none, then it is rejected alone", () => {
    const found = readEntries(lokiJson, [
      push({
        stream: { app: "a" },
        values: [
          [1, "m"],
          [NANOS, "good"],
        ],
      }),
    ]);

    expect(found).toMatchObject([expect.stringContaining("as strings"), { message: "good" }]);
  });
});

/** As a client writes it, by the schema. */
function pushRequest(
  labels: string,
  entries: { seconds: number; nanos: number; line: string; meta?: [string, string] }[],
) {
  const writer = protobuf.Writer.create().uint32(10).fork();
  writer.uint32(10).string(labels);
  for (const { seconds, nanos, line, meta } of entries) {
    writer.uint32(18).fork();
    writer.uint32(10).fork().uint32(8).int64(seconds).uint32(16).int32(nanos).ldelim();
    writer.uint32(18).string(line);
    if (meta) writer.uint32(26).fork().uint32(10).string(meta[0]).uint32(18).string(meta[1]).ldelim();
    writer.ldelim();
  }
  return snappy.compress(writer.ldelim().uint32(80).int64(77).finish());
}

test("given any bytes as JSON, then they are read or refused with a reason", () => {
  fuzz(
    lokiJson,
    push(
      {
        stream: { app: "a", n: 1 },
        values: [
          [NANOS, 'b \\u0000 "c"', { trace: "d" }],
          ["1", "e"],
        ],
      },
      { values: [[NANOS, "f"]], stream: { level: "warn" } },
    ),
  );
});

describe("protocol buffers", () => {
  test("given a push compressed by Snappy, then it is read like JSON, and unknown fields are passed over", () => {
    const body = pushRequest('{job="nginx", path="C:\\\\logs \\"x\\""}', [
      { seconds: 1795705200, nanos: 123456789, line: 'a "line"\n', meta: ["trace_id", "ab"] },
    ]);

    expect(readEntries(lokiProtobuf, [body])).toMatchObject([
      {
        micros: MICROS,
        service: "nginx",
        message: 'a "line"\n',
        attributes: { job: "nginx", path: 'C:\\logs "x"', trace_id: "ab" },
      },
    ]);
  });

  test("given what Promtail and Alloy send, of a file and of a pod, then the service is the label's, and the time exact", () => {
    // Labels are sorted, and quoted as Go quotes text.
    const ofFile = '{filename="/var/log/shop/\\"a\\".log", job="app", service="shop"}';
    const ofPod =
      '{app="web", container="nginx", filename="/var/log/pods/x/0.log", job="shop/web", namespace="shop", node_name="n1", pod="web-1", stream="stderr"}';
    const entry = { seconds: 1795705200, nanos: 123456789 };
    const line = '{"level":"error","msg":"card declined"}';

    expect(readEntries(lokiProtobuf, [pushRequest(ofFile, [{ ...entry, line: "GET / 200" }])])).toMatchObject([
      {
        micros: MICROS,
        service: "shop",
        message: "GET / 200",
        attributes: { filename: '/var/log/shop/"a".log', job: "app" },
      },
    ]);
    expect(readEntries(lokiProtobuf, [pushRequest(ofPod, [{ ...entry, line }])])).toMatchObject([
      {
        micros: MICROS,
        service: "web",
        level: "error",
        message: "card declined",
        attributes: { namespace: "shop", pod: "web-1", stream: "stderr" },
      },
    ]);
  });

  test("given what Snappy would blow up, then it is refused before", () => {
    const bomb = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]);

    expect(() => readEntries(lokiProtobuf, [bomb])).toThrow("the body is larger than");
  });

  test("given any bytes, then they are read or refused with a reason, never anything else", () => {
    const good = pushRequest('{app="a"}', [{ seconds: 1795705200, nanos: 0, line: "m" }]);
    fuzz(lokiProtobuf, Buffer.from(good));
  });

  test("given any bytes that are compressed, then they are read or refused with a reason", () => {
    const entry = { seconds: 1795705200, nanos: 5, line: "m" };
    const good = snappy.uncompress(Buffer.from(pushRequest('{app="a", level="warn"}', [entry, entry])));
    const compressed: ProtocolDecoder = (sink) => {
      const decoder = lokiProtobuf(sink);
      const pieces: Buffer[] = [];
      return {
        push: (piece) => void pieces.push(piece),
        finish() {
          decoder.push(Buffer.from(snappy.compress(Buffer.concat(pieces))));
          decoder.finish();
        },
      };
    };
    fuzz(compressed, good);
  });
});

test.each([
  [
    '{a="b", c_d="e"}',
    [
      ["a", "b"],
      ["c_d", "e"],
    ],
  ],
  ["{}", []],
  ['{ a = `b"c` , }', [["a", 'b"c']]],
])("given the labels %s, then they are read", (written, labels) => {
  expect(parseLabels(written)).toEqual(labels);
});

test.each(["a=b", '{a="b}', "{a=b}", '{="b"}'])("given %s for labels, then it is refused", (written) => {
  expect(() => parseLabels(written)).toThrow("labels");
});
