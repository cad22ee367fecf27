import { describe, expect, test, vi } from "vitest";
import { EntryReader } from "@/core/ingest/decode/entry-reader";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { LIMITS } from "@/core/limits";
import { readTimestamp, unusualMessage } from "./members";

test("given a zone too long to be one, then it is not looked up and the entry has the time of its arrival", () => {
  const asked = vi.spyOn(Intl, "DateTimeFormat");
  try {
    const timezone = `Europe/${"x".repeat(58)}`;
    const line = JSON.stringify({ message: "m", datetime: { date: "2026-11-26 16:00:00.0", timezone } });
    const reader = new EntryReader();
    reader.read(Buffer.from(line), 0, line.length);
    expect(readTimestamp(reader, reader.members.timestamp)).toBeNaN();
    expect(asked).not.toHaveBeenCalled();
  } finally {
    asked.mockRestore();
  }
});

function messageOf(entry: unknown): string {
  const line = Buffer.from(JSON.stringify(entry));
  const reader = new EntryReader();
  expect(reader.read(line, 0, line.length)).toBeNull();
  return unusualMessage(reader, reader.members.message);
}

describe("given a template", () => {
  test.each([
    [{ MessageTemplate: "{a} {B} {c}", Properties: { A: 1, b: "x" } }, "1 x {c}"],
    [{ MessageTemplate: "{a}", properties: { A: 1, a: 2 } }, "1"],
    [{ MessageTemplate: "{a.b} {A.B.c} {a.x}", Properties: { a: { B: { C: 1 } } } }, '{"C":1} 1 {a.x}'],
    [{ MessageTemplate: "{a.b} {c}", Properties: { "a.b": 1, a: { b: 2 } }, "Properties.C": 3 }, "1 3"],
    [{ MessageTemplate: "{a}", Properties: 7 }, "{a}"],
    [{ "@mt": "{a} {A} {b}", a: 1, A: [2] }, "1 [2] {b}"],
  ])("with the properties of %j, then it is filled as %s", (entry, message) => {
    expect(messageOf(entry)).toBe(message);
  });

  const names = Array.from({ length: 400 }, (_, index) => `P${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, 1]));
  const template = names.map((name) => `{${name}}{Other${name}}`).join("");
  const filled = names.map((name) => `1{Other${name}}`).join("");
  test.each([
    ["Serilog's", { MessageTemplate: template, Properties: properties }],
    ["CLEF's", { "@mt": template, ...properties }],
  ])("of %s with many holes and properties, then these are read once for all of them", (_, entry) => {
    const scanned = vi.spyOn(JsonScanner.prototype, "scanMemberKey");
    try {
      expect(messageOf(entry)).toBe(filled);
      // When it is checked, when its members are found, and when they are read.
      expect(scanned.mock.calls.length).toBeLessThan(4 * names.length);
    } finally {
      scanned.mockRestore();
    }
  });

  test("with many names of what stands within properties, then the first 10 are looked for, and known ones again", () => {
    const inner = Object.fromEntries(names.map((name) => [name, 1]));
    const holes = names.map((name) => `{in.${name}}`);
    const entry = { MessageTemplate: `${holes.join("")}{in.P0}{x}`, Properties: { in: inner, x: 2 } };
    expect(messageOf(entry)).toBe(`${"1".repeat(10)}${holes.slice(10).join("")}12`);
  });

  test("whose holes are filled with long values, then those stay that stand beyond what is kept of a message", () => {
    const long = "x".repeat(LIMITS.messageBytes / 2);
    expect(messageOf({ "@mt": "{a}{b}{a}{{{b}".repeat(1_000), a: long, b: "" })).toBe(
      `${long}${long}{{{b}${"{a}{b}{a}{{{b}".repeat(999)}`,
    );
  });
});
