import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryCounter } from "./entry-counter";

const CSV = 'time,message\r\n1,plain\r\n2,"a trace\n  at ""x""\r\n  at y"\r\n3,"""\n"""\r\n';
const NDJSON = '{"message":"a \\"b"}\n{"message":"c"}\n';

test.each([
  ["csv", CSV, 3],
  ["csv", "time,message\r\n", 0],
  ["csv", "", 0],
  ["ndjson", NDJSON, 2],
] as const)("given an export as %s that is cut anywhere, then its entries are counted", (format, text, count) => {
  const bytes = new TextEncoder().encode(text);
  fc.assert(
    fc.property(fc.nat(bytes.length), (cut) => {
      const counter = new EntryCounter(format);
      counter.add(bytes.subarray(0, cut));
      counter.add(bytes.subarray(cut));
      expect(counter.entries).toBe(count);
    }),
  );
});
