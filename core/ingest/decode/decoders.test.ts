import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decoder, EntrySink } from "./decoder";
import { JsonDocumentDecoder } from "./json-document";
import { NdjsonDecoder } from "./ndjson";

/** Collects what a decoder hands on. */
class Collector implements EntrySink {
  readonly seen: unknown[] = [];

  entry(source: Buffer, from: number, end: number): void {
    this.seen.push(JSON.parse(source.toString("utf8", from, end)));
  }

  rejected(reason: string): void {
    this.seen.push(new Error(reason));
  }
}

/** Pushes `bytes` in pieces that end at the cuts. */
function decode(make: (sink: EntrySink) => Decoder, bytes: Buffer, cuts: readonly number[]): unknown[] {
  const collector = new Collector();
  const decoder = make(collector);
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    if (cut > from) decoder.push(Buffer.from(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  decoder.finish();
  return collector.seen;
}

const value = fc.oneof(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 2 })), fc.integer());
const cuts = fc.array(fc.nat(), { maxLength: 8 });
const asJson = (sink: EntrySink) => new JsonDocumentDecoder(sink);
const asLines = (sink: EntrySink) => new NdjsonDecoder(sink);
/** JSON has no -0 on the way back. */
const plain = (sent: unknown) => JSON.parse(JSON.stringify(sent));

describe("whatever the pieces in which a body arrives", () => {
  test("given an array, then its elements come out one by one", () => {
    fc.assert(
      fc.property(fc.array(value), cuts, fc.constantFrom(0, 2), (sent, where, indent) => {
        expect(decode(asJson, Buffer.from(JSON.stringify(sent, null, indent)), where)).toEqual(plain(sent));
      }),
    );
  });

  test("given an object with logs among other members, then the elements of logs come out", () => {
    const others = fc.dictionary(
      fc.string().filter((name) => name !== "logs"),
      fc.jsonValue({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(others, fc.array(value), others, cuts, (before, sent, after, where) => {
        const document = JSON.stringify({ ...before, logs: sent, ...after });
        expect(decode(asJson, Buffer.from(document), where)).toEqual(plain(sent));
      }),
    );
  });

  test("given one object without logs, then it is the entry", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== "logs"),
          fc.jsonValue(),
        ),
        cuts,
        (sent, where) => {
          expect(decode(asJson, Buffer.from(JSON.stringify(sent)), where)).toEqual([plain(sent)]);
        },
      ),
    );
  });

  test("given lines with blank ones between, then each line that is not blank comes out", () => {
    const blank = fc.constantFrom("", " ", "\t\r");
    fc.assert(
      fc.property(fc.array(fc.tuple(value, blank)), cuts, fc.boolean(), (sent, where, endsWithNewline) => {
        const text = sent.map(([line, space]) => `${JSON.stringify(line)}\n${space}`).join("\n");
        const expected = plain(sent.map(([line]) => line));
        expect(decode(asLines, Buffer.from(text + (endsWithNewline ? "\n" : "")), where)).toEqual(expected);
      }),
    );
  });
});

test("given a line that is not UTF-8 and one that is too long, then they are rejected alone and in their places", () => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":1}\n'),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    Buffer.from(`"${"x".repeat(1024 * 1024)}"\n{"a":2}`),
  ]);
  const seen = decode(asLines, bytes, [10, 70_000]);
  expect(seen.map((one) => (one instanceof Error ? one.message : one))).toEqual([
    { a: 1 },
    "not valid UTF-8",
    "an entry must be at most 1048576 bytes",
    { a: 2 },
  ]);
});

test.each([
  ['[{"a":1} {"b":2}]', 'a "," or "]" is missing at byte 10'],
  ['{"logs":[],"logs":[]}', 'the member "logs" stands twice'],
  ['[{"a":1}', "the text ends before the document does at byte 9"],
  ["[] []", "text after the document at byte 4"],
])("given the body %s, then it is refused as a whole, with the place", (body, reason) => {
  expect(() => decode(asJson, Buffer.from(body), [])).toThrow(reason);
});
