import protobuf from "protobufjs/minimal.js";
import { describe, expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { otlpJson } from "./otlp-json";
import { otlpProtobuf } from "./otlp-protobuf";

const NANOS = "1795705200123456789";
const MICROS = "1795705200123456";

const request = (...logRecords: unknown[]) =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] },
        scopeLogs: [{ scope: { name: "my.library", version: "1.0.0" }, logRecords }],
      },
    ],
  });

describe("JSON", () => {
  test("given a record with everything, then it is an entry with everything", () => {
    const record = {
      timeUnixNano: NANOS,
      observedTimeUnixNano: "1795705299000000000",
      severityNumber: 18,
      severityText: "Error2",
      body: { stringValue: "card declined" },
      traceId: "5b8efff798038103d269b633813fc60c",
      spanId: "eee19b7ec3c1b174",
      attributes: [
        { key: "http.status", value: { intValue: "502" } },
        { key: "big", value: { intValue: "9223372036854775807" } },
        { key: "ratio", value: { doubleValue: 0.5 } },
        { key: "ok", value: { boolValue: false } },
        { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1 }] } } },
        { key: "map", value: { kvlistValue: { values: [{ key: "in", value: { stringValue: "side" } }] } } },
        { key: "none", value: {} },
      ],
    };

    const [entry] = readEntries(otlpJson, [request(record)]);

    expect(entry).toMatchObject({
      micros: MICROS,
      service: "checkout",
      level: "error",
      message: "card declined",
      attributes: {
        "http.status": 502,
        ratio: 0.5,
        ok: false,
        list: ["a", 1],
        map: { in: "side" },
        none: null,
        resource: { "service.name": "checkout" },
        scope: { name: "my.library", version: "1.0.0" },
        trace_id: "5b8efff798038103d269b633813fc60c",
        span_id: "eee19b7ec3c1b174",
        severity_number: 18,
        severity_text: "Error2",
      },
    });
  });

  test("given a body that is a map, then its members are read as those of a line", () => {
    const body = {
      kvlistValue: {
        values: [
          { key: "message", value: { stringValue: "hi" } },
          { key: "n", value: { intValue: "1" } },
        ],
      },
    };

    const [entry] = readEntries(otlpJson, [request({ timeUnixNano: NANOS, body })]);

    expect(entry).toMatchObject({ message: "hi", attributes: { n: 1 } });
  });

  test("given no time, then that of observation counts, and without both the arrival's", () => {
    const found = readEntries(otlpJson, [
      request(
        { observedTimeUnixNano: NANOS, body: { stringValue: "a" } },
        { timeUnixNano: "0", body: { stringValue: "b" } },
      ),
    ]);

    expect(found).toMatchObject([{ micros: MICROS }, { micros: "1795708800000000" }]);
  });

  test("given a level's name for its number, as some write JSON, then it is known", () => {
    const [entry] = readEntries(otlpJson, [
      request({ severityNumber: "SEVERITY_NUMBER_WARN", body: { stringValue: "a" } }),
    ]);

    expect(entry).toMatchObject({ level: "warning" });
  });

  test("given nothing, then there is nothing", () => {
    expect(readEntries(otlpJson, ["{}"])).toEqual([]);
  });

  test("given no JSON, then it is refused with its place", () => {
    expect(() => readEntries(otlpJson, ['{"resourceLogs":'])).toThrow(
      "not JSON: the text ends where a value should be at byte 17",
    );
  });
});

test("given any bytes as JSON, then they are read or refused with a reason", () => {
  const record = {
    body: { kvlistValue: { values: [{ key: "message", value: { stringValue: "hi" } }] } },
    attributes: [
      { key: "n", value: { intValue: "1" } },
      { value: { arrayValue: { values: [{ stringValue: 'a"\n' }, { doubleValue: 1.5 }] } }, key: "list" },
    ],
    timeUnixNano: NANOS,
    severityNumber: 18,
    traceId: "5b8efff798038103d269b633813fc60c",
  };
  fuzz(otlpJson, request(record, { body: { stringValue: "a" } }));
});

test("given numbers with zeros before them, which JSON has not, then they are read all the same", () => {
  const attributes = [{ key: "n", value: { intValue: "007" } }];
  const record = { timeUnixNano: `0${NANOS}`, body: { stringValue: "a" }, attributes };

  expect(readEntries(otlpJson, [request(record)])).toMatchObject([
    { micros: MICROS, message: "a", attributes: { n: "007" } },
  ]);
});

test("given a record before its scope, and that before its resource, then it is of both all the same", () => {
  const record = { timeUnixNano: NANOS, body: { stringValue: "m" } };
  const attributes = [{ key: "service.name", value: { stringValue: "late" } }];
  const body = {
    resourceLogs: [{ scopeLogs: [{ logRecords: [record], scope: { name: "lib" } }], resource: { attributes } }],
  };

  expect(readEntries(otlpJson, [JSON.stringify(body)])).toMatchObject([
    { service: "late", message: "m", attributes: { scope: { name: "lib" } } },
  ]);
});

test("given a sender who says where service and level stand, then attributes of these names stand beside those of the resource", () => {
  const said = { service: "own", level: "custom", app: "web", kind: "warn" };
  const attributes = Object.entries(said).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const record = { timeUnixNano: NANOS, severityNumber: 9, body: { stringValue: "m" }, attributes };
  const fields = { service: "attributes.app", level: "attributes.kind" };

  expect(readEntries(otlpJson, [request(record)], { fields })).toMatchObject([
    { service: "web", level: "warning", attributes: { ...said } },
  ]);
});

const textAttributes = (pairs: Record<string, string>) =>
  Object.entries(pairs).map(([key, stringValue]) => ({ key, value: { stringValue } }));

test("given what the collector's filelog receiver sends of a pod, then a line has its service, its level, and the time that is known", () => {
  const resource = {
    "k8s.namespace.name": "shop",
    "k8s.pod.name": "web-1",
    "k8s.container.name": "web",
    "k8s.deployment.name": "web-deployment",
  };
  const observedTimeUnixNano = "1795705200123456789";
  const attributes = textAttributes({ "log.file.name": "0.log", "log.iostream": "stderr" });
  const scopeLogs = [
    {
      scope: {},
      logRecords: [
        // What no operator has parsed has a time of observation only, and no severity.
        { observedTimeUnixNano, body: { stringValue: '{"level":"error","msg":"card declined"}' }, attributes },
        {
          timeUnixNano: "1795705199000000000",
          observedTimeUnixNano,
          severityNumber: 13,
          severityText: "WARN",
          body: { stringValue: "slow" },
          attributes,
          traceId: "",
          spanId: "",
        },
      ],
    },
  ];

  expect(
    readEntries(otlpJson, [
      JSON.stringify({ resourceLogs: [{ resource: { attributes: textAttributes(resource) }, scopeLogs }] }),
    ]),
  ).toMatchObject([
    {
      micros: MICROS,
      service: "web",
      level: "error",
      message: "card declined",
      attributes: { "log.file.name": "0.log", "log.iostream": "stderr", resource },
    },
    {
      micros: "1795705199000000",
      service: "web",
      level: "warning",
      message: "slow",
      attributes: { observed_timestamp: observedTimeUnixNano },
    },
  ]);
});

type Write = (writer: protobuf.Writer) => void;
const message =
  (number: number, write: Write): Write =>
  (writer) => {
    writer.uint32((number << 3) | 2).fork();
    write(writer);
    writer.ldelim();
  };
const text =
  (number: number, value: string): Write =>
  (writer) =>
    void writer.uint32((number << 3) | 2).string(value);
const all =
  (...writes: Write[]): Write =>
  (writer) => {
    for (const write of writes) write(writer);
  };
const attribute = (number: number, key: string, value: Write) => message(number, all(text(1, key), message(2, value)));

const RECORD = all(
  // 8 bytes, the lower half first.
  (writer) =>
    void writer
      .uint32(9)
      .fixed32(Number(BigInt(NANOS) & 0xffffffffn))
      .fixed32(Number(BigInt(NANOS) >> 32n)),
  (writer) => void writer.uint32(16).int32(13),
  message(5, text(1, 'slow "answer"\n')),
  attribute(6, "n", (writer) => void writer.uint32(24).int32(-7)),
  attribute(6, "f", (writer) => void writer.uint32(33).double(1.5)),
  attribute(6, "yes", (writer) => void writer.uint32(16).bool(true)),
  attribute(6, "list", message(5, all(message(1, text(1, "a")), message(1, text(1, "b"))))),
  attribute(6, "map", message(6, attribute(1, "k", text(1, "v")))),
  attribute(6, "raw", (writer) => void writer.uint32(58).bytes(Uint8Array.of(1, 2))),
  (writer) => void writer.uint32(74).bytes(Buffer.from("5b8efff798038103d269b633813fc60c", "hex")),
  (writer) => void writer.uint32(82).bytes(Buffer.from("eee19b7ec3c1b174", "hex")),
);

const encoded = (record: Write): Uint8Array => {
  const writer = protobuf.Writer.create();
  const resource = message(1, attribute(1, "service.name", text(1, "checkout")));
  message(1, all(resource, message(2, all(message(1, text(1, "lib")), message(2, record)))))(writer);
  return writer.finish();
};

test("given all that a record and its scope have, then none of it is lost, and both encodings say the same", () => {
  const OBSERVED = "1795705299000000001";
  const json = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] },
        scopeLogs: [
          {
            scope: { attributes: [{ key: "lang", value: { stringValue: "go" } }], name: "lib", version: "2" },
            logRecords: [
              {
                timeUnixNano: NANOS,
                observedTimeUnixNano: OBSERVED,
                severityNumber: 9,
                body: { stringValue: "m" },
                attributes: [{ key: "flags", value: { stringValue: "own" } }],
                droppedAttributesCount: 3,
                flags: 1,
              },
              {
                timeUnixNano: NANOS,
                observedTimeUnixNano: NANOS,
                severityNumber: 9,
                body: { stringValue: "n" },
                flags: 0,
              },
            ],
          },
        ],
      },
    ],
  };
  const fixed64 =
    (tag: number, nanos: string): Write =>
    (writer) =>
      void writer
        .uint32(tag)
        .fixed32(Number(BigInt(nanos) & 0xffffffffn))
        .fixed32(Number(BigInt(nanos) >> 32n));
  const record = all(
    fixed64(9, NANOS),
    fixed64(89, OBSERVED),
    (writer) => void writer.uint32(16).int32(9),
    message(5, text(1, "m")),
    attribute(6, "flags", text(1, "own")),
    (writer) => void writer.uint32(56).uint32(3),
    (writer) => void writer.uint32(69).fixed32(1),
  );
  const plain = all(
    fixed64(9, NANOS),
    fixed64(89, NANOS),
    (writer) => void writer.uint32(16).int32(9),
    message(5, text(1, "n")),
    (writer) => void writer.uint32(69).fixed32(0),
  );
  const scope = message(1, all(attribute(3, "lang", text(1, "go")), text(1, "lib"), text(2, "2")));
  const resource = message(1, attribute(1, "service.name", text(1, "checkout")));
  const writer = protobuf.Writer.create();
  message(1, all(resource, message(2, all(scope, message(2, record), message(2, plain)))))(writer);

  const ofJson = readEntries(otlpJson, [JSON.stringify(json)]);
  const ofProtobuf = readEntries(otlpProtobuf, [writer.finish()]);

  const shared = {
    resource: { "service.name": "checkout" },
    scope: { name: "lib", version: "2", attributes: { lang: "go" } },
  };
  expect(ofJson).toMatchObject([
    {
      micros: MICROS,
      attributes: { ...shared, flags: "own", flags_2: 1, dropped_attributes_count: 3, observed_timestamp: OBSERVED },
    },
    { micros: MICROS, attributes: shared },
  ]);
  expect(Object.keys(Object(ofJson[1]).attributes).toSorted()).toEqual(["resource", "scope"]);
  expect(ofProtobuf).toEqual(ofJson);
});

describe("protocol buffers", () => {
  test("given a record with every kind of value, then it is an entry with all of them", () => {
    const [entry] = readEntries(otlpProtobuf, [encoded(RECORD)]);

    expect(entry).toMatchObject({
      micros: MICROS,
      service: "checkout",
      level: "warning",
      message: 'slow "answer"\n',
      attributes: {
        n: -7,
        f: 1.5,
        yes: true,
        list: ["a", "b"],
        map: { k: "v" },
        raw: "AQI=",
        resource: { "service.name": "checkout" },
        scope: { name: "lib" },
        trace_id: "5b8efff798038103d269b633813fc60c",
        span_id: "eee19b7ec3c1b174",
      },
    });
  });

  test("given any bytes, then they are read or refused with a reason, never anything else", () => {
    fuzz(otlpProtobuf, Buffer.from(encoded(RECORD)));
  });

  test("given values nested deeper than attributes may be, then it is refused", () => {
    let value: Write = text(1, "deep");
    for (let depth = 0; depth < 100; depth++) value = message(5, message(1, value));

    expect(() => readEntries(otlpProtobuf, [encoded(attribute(6, "a", value))])).toThrow("nested deeper than");
  });
});
