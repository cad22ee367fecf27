import { expect, test, vi } from "vitest";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { clefLines, seqEvents } from "./clef";

const lines = (...events: unknown[]) => readEntries(clefLines, [events.map((one) => JSON.stringify(one)).join("\n")]);
const raw = (...events: unknown[]) => readEntries(seqEvents, [JSON.stringify({ Events: events })]);

const TIME = "2026-11-26T15:00:00.1234567Z";
const MICROS = "1795705200123456";

const compact = {
  "@t": TIME,
  "@mt": "{@User} paid {Amount:0.00} of {Total:C2} for {{it}}",
  "@r": ["12.50", "20 EUR"],
  "@l": "Warning",
  "@x": "System.Exception: declined",
  "@i": "ab12",
  "@tr": "0af7651916cd43dd8448eb211c80319c",
  "@sp": "b7ad6b7169203331",
  "@@odd": true,
  User: "alice",
  Amount: 12.5,
  Total: 20,
  Application: "shop",
};

test("given an event in the compact format, then its template is filled and its names are those of the table", () => {
  expect(lines(compact)).toEqual([
    expect.objectContaining({
      micros: MICROS,
      level: "warning",
      service: "shop",
      message: "alice paid 12.50 of 20 EUR for {it}",
      attributes: {
        exception: "System.Exception: declined",
        event_id: "ab12",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        span_id: "b7ad6b7169203331",
        "@odd": true,
        User: "alice",
        Amount: 12.5,
        Total: 20,
        message_template: compact["@mt"],
      },
    }),
  ]);
});

test("given a rendered message, then it is taken, and the template stays", () => {
  expect(lines({ "@t": TIME, "@m": "Hello, bob", "@mt": "Hello, {User}", User: "bob" })).toMatchObject([
    { level: "info", message: "Hello, bob", attributes: { User: "bob", message_template: "Hello, {User}" } },
  ]);
});

test("given properties that are called as a member of an entry, then they take nobody's place", () => {
  const event = { "@t": TIME, "@mt": "{Level} of {message}", Level: 3, message: "m", time: "noon", severity: "fatal" };

  expect(lines(event)).toMatchObject([
    {
      micros: MICROS,
      level: "info",
      message: "3 of m",
      attributes: { Level: 3, message: "m", time: "noon", severity: "fatal" },
    },
  ]);
});

test("given the resource of a trace, then its service is the entry's", () => {
  const resource = { service: { name: "pay" } };

  expect(lines({ "@t": TIME, "@m": "m", "@ra": resource })).toMatchObject([
    { service: "pay", attributes: { resource } },
  ]);
});

test("given Seq's own form, then properties are attributes and the template is filled", () => {
  const event = {
    Timestamp: "2026-11-26T16:00:00.1234567+01:00",
    Level: "Error",
    MessageTemplate: "{Drive} has {Free:0.0} left, {Missing}",
    Renderings: { Free: [{ Format: "0.0", Rendering: "1.5" }] },
    Exception: "boom",
    TraceId: "ab",
    EventType: 7,
    Properties: { Drive: "C:", Free: 1.49, Application: "disks", Level: "low" },
  };

  expect(raw(event, { Timestamp: TIME, RenderedMessage: "done" })).toMatchObject([
    {
      micros: MICROS,
      level: "error",
      service: "disks",
      message: "C: has 1.5 left, {Missing}",
      attributes: { Drive: "C:", Free: 1.49, Level: "low", exception: "boom", trace_id: "ab", event_id: 7 },
    },
    { micros: MICROS, level: "info", message: "done" },
  ]);
});

test("given one event, an array, or lines under JSON's name, then each is read", () => {
  const event = { "@t": TIME, "@m": "m" };

  for (const body of [JSON.stringify(event, null, 2), JSON.stringify([event]), `${JSON.stringify(event)}\n`])
    expect(readEntries(seqEvents, [body])).toMatchObject([{ micros: MICROS, message: "m" }]);
});

test("given a line that is broken, then it is rejected alone", () => {
  expect(readEntries(clefLines, ['{"@t":1\n{"@m":"good"}\n7\n'])).toMatchObject([
    expect.stringContaining("not JSON"),
    { message: "good" },
    "an entry must be a JSON object",
  ]);
});

const names = Array.from({ length: 400 }, (_, index) => `P${index}`);
const template = names.map((name) => `{${name}:0}`).join("");
const properties = Object.fromEntries(names.map((name) => [name, 1]));
const renderings = Object.fromEntries(names.map((name) => [name, [{ Format: "0", Rendering: "2" }]]));
test.each([
  ["the compact format", () => lines({ "@t": TIME, "@mt": template, ...properties }), "1"],
  ["Seq's own form", () => raw({ MessageTemplate: template, Properties: properties, Renderings: {} }), "1"],
  ["Seq's own form with renderings", () => raw({ MessageTemplate: template, Renderings: renderings }), "2"],
])("given an event in %s with many holes, then its properties are read once for all of them", (_, read, value) => {
  const asked = vi.spyOn(Places.prototype, "isNamed");
  const scanned = vi.spyOn(JsonScanner.prototype, "scanMemberKey");
  try {
    expect(read()).toMatchObject([{ message: value.repeat(names.length) }]);
    expect(asked.mock.calls.length + scanned.mock.calls.length).toBeLessThan(20 * names.length);
  } finally {
    asked.mockRestore();
    scanned.mockRestore();
  }
});

test.each([
  ["compact lines", clefLines, JSON.stringify(compact)],
  ["a compact document", seqEvents, JSON.stringify([compact])],
  [
    "Seq's own form",
    seqEvents,
    '{"Events":[{"Level":"Error","MessageTemplate":"a {B:0} c","Renderings":{"B":[{"Format":"0","Rendering":"1"}]},"Properties":{"B":1}}]}',
  ],
])("given any bytes as %s, then they are read or refused with a reason", (_, format, good) => {
  fuzz(format, good);
});
