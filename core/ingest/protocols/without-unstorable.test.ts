import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { readEntries } from "@/core/testing/read-entries";
import { clefLines } from "./clef/clef";
import { withoutUnstorable } from "./without-unstorable";

const text = fc.string({
  unit: fc.constantFrom("a", "u", "0", "\\", '"', "\0", "\ud83d", "\ude00", "é", "\n", "\ufffd"),
});
const storable = (value: string) => value.replaceAll("\0", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");

test("given JSON text of any strings, then what can't be stored is replaced, and nothing else", () => {
  const scanner = new JsonScanner();
  fc.assert(
    fc.property(fc.array(text), (values) => {
      const json = Buffer.from(JSON.stringify(values).replaceAll("é", "\\u00E9"));
      const replaced = withoutUnstorable(json);
      expect(JSON.parse(String(replaced))).toEqual(values.map(storable));
      expect(replaced.length).toBe(json.length);
      scanner.reset(replaced, replaced.length);
      expect([scanner.scanValue(0, 0), scanner.unstorable]).toEqual([replaced.length, ""]);
    }),
  );
});

test("given an event of a protocol with what can't be stored, in its message, names and values, then it is an entry all the same", () => {
  const event = { "@t": "2026-11-26T15:00:00Z", "@m": "a\0b é", "na\0me": ["\ud83d", "\ud83d\ude00"] };
  expect(readEntries(clefLines, [JSON.stringify(event)])).toMatchObject([
    { message: "a\ufffdb é", attributes: { "na\ufffdme": ["\ufffd", "\ud83d\ude00"] } },
  ]);
});
