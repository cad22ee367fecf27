import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { readLine } from "@/core/testing/read-line";
import { BLANK_EVENT, NO_EVENT, splunkEvents } from "./splunk-events";
import { splunkRaw } from "./splunk-raw";

/** 2026-11-26T15:00:00.123Z */
const MICROS = "1795705200123000";
const NOW_MS = 1_795_705_260_000;

test("given events one after the other, then each is an entry with what is known of it", () => {
  const body =
    '{"time":1795705200.123,"host":"web1","source":"/var/log/a","sourcetype":"st","index":"shop","event":"started"}' +
    '{"time":"1795705200.123","event":{"level":"error","msg":"boom","service":"pay"},"fields":{"region":"eu"}} \n' +
    '[{"event":42}]';

  expect(readEntries(splunkEvents, [body.slice(0, 50), body.slice(50)])).toMatchObject([
    {
      micros: MICROS,
      service: "shop",
      message: "started",
      attributes: { host: "web1", source: "/var/log/a", sourcetype: "st" },
    },
    { micros: MICROS, service: "pay", level: "error", message: "boom", attributes: { region: "eu" } },
    { message: "42", service: "unknown" },
  ]);
});

test("given what Docker's driver sends, then its line is the message and its tag the service", () => {
  const body = [
    '{"event":{"line":"GET /","source":"stdout","tag":"web"},"time":"1795705200.123","host":"node1"}',
    '{"event":{"line":{"level":"warn","msg":"slow"},"source":"stderr","tag":"api"},"time":"1795705200.123","host":"node1"}',
  ].join("");

  expect(readEntries(splunkEvents, [body])).toMatchObject([
    { micros: MICROS, service: "web", message: "GET /", attributes: { host: "node1", source: "stdout", tag: "web" } },
    { service: "api", level: "warning", message: "slow", attributes: { source: "stderr" } },
  ]);
});

const NAMES = [
  "message",
  "msg",
  "level",
  "severity",
  "service",
  "name",
  "app",
  "fluent_tag",
  "hostname",
  "time",
  "ts",
  "log",
  "host",
  "s",
  "t",
  "tags",
];
const member = fc.oneof(
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.oneof(fc.constantFrom("warn", "shop", "", '{"msg":"in"}', "2026-11-26T15:00:00Z"), fc.string()),
  ),
  fc.tuple(
    fc.constantFrom(...NAMES, "attributes", "fields", "@mt"),
    fc.oneof(fc.nat(), fc.constant(null), fc.boolean()),
  ),
  fc.tuple(
    fc.constantFrom(...NAMES, "attributes", "context", "resource", "fields"),
    fc.dictionary(fc.constantFrom("message", "level", "service.name", "a"), fc.string(), { maxKeys: 2 }),
  ),
  fc.tuple(fc.constantFrom("region", "a", "b"), fc.jsonValue({ maxDepth: 2 })),
);
const members = fc.array(member, { maxLength: 5 }).map((pairs): Record<string, unknown> => Object.fromEntries(pairs));

test("given any object as an event, then it is read as a line is that wraps it as text", () => {
  fc.assert(
    fc.property(members, members, fc.boolean(), fc.boolean(), (event, fields, hasTime, hasIndex) => {
      const around = {
        host: "web1",
        ...(hasTime && { time: 1_795_705_200.123 }),
        ...(hasIndex && { index: "main" }),
        fields,
      };
      const { index, fields: _, ...said } = { index: undefined, ...around };
      const line = { ...said, ...fields, _index: index, message: JSON.stringify(event) };
      // Of two members of one name, neither the line nor the event says which counts.
      fc.pre(
        !Object.keys(fields).some((name) => name === "message" || name in said || name in event) && !("line" in event),
      );

      expect(readEntries(splunkEvents, [JSON.stringify({ ...around, event })])[0]).toEqual(
        readLine(JSON.stringify(line)),
      );
    }),
    { numRuns: 1_000 },
  );
});

test("given an event with a weak name of a service, then it counts before the index that the event is in", () => {
  const body = '{"index":"main","event":{"message":"m","fluent_tag":"web"}}';

  expect(readEntries(splunkEvents, [body])).toMatchObject([{ message: "m", service: "web" }]);
});

test("given a service that the request says, then it counts before the index and the tag, and after what an event says", () => {
  const body = [
    '{"index":"main","event":"m"}',
    '{"event":{"line":"m","source":"stdout","tag":"web"}}',
    '{"index":"main","event":{"message":"m","service":"pay"}}',
  ].join("");

  expect(readEntries(splunkEvents, [body], { service: "shop" })).toMatchObject([
    { service: "shop", attributes: { _index: "main" } },
    { service: "shop", attributes: { tag: "web" } },
    { service: "pay" },
  ]);
  expect(readEntries(splunkRaw([["_index", "main"]], NOW_MS), ["m"], { service: "shop" })).toMatchObject([
    { service: "shop", attributes: { _index: "main" } },
  ]);
});

test("given what is no event, then it is rejected in its place, and after what is no JSON nothing is read", () => {
  const body = '{"event":"a"}{"time":1}{"event":""}{"event":null}7{"event":"b"}{"event":}{"event":"c"}';

  expect(readEntries(splunkEvents, [body])).toMatchObject([
    { message: "a" },
    NO_EVENT,
    BLANK_EVENT,
    NO_EVENT,
    "an event must be a JSON object",
    { message: "b" },
    expect.stringContaining("not JSON"),
  ]);
});

test("given raw lines, then each is an entry with the metadata of the request", () => {
  const format = splunkRaw([["host", "web1"]], NOW_MS);

  expect(readEntries(format, ['ERROR boom\n{"msg":"json"}\n'])).toMatchObject([
    { level: "error", message: "ERROR boom", attributes: { host: "web1" } },
    { message: "json", attributes: { host: "web1" } },
  ]);
});

test.each([
  ["events", splunkEvents],
  ["raw lines", splunkRaw([["source", '"s"']], NOW_MS)],
])("given any bytes as %s, then they are read or refused with a reason, never anything else", (_, format) => {
  fuzz(format, '{"time":1795705200.1,"event":{"line":"m","tag":"t"},"fields":{"a":1}}\n{"event":"b"}');
});
