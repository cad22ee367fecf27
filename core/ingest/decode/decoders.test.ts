import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { decodeWith } from "@/core/testing/decode-with";
import type { Decoder, EntrySink } from "./decoder";
import { JsonDocumentDecoder } from "./json-document";
import { LinesOrDocumentDecoder } from "./lines-or-document";
import { NdjsonDecoder } from "./ndjson";
import { TextLinesDecoder } from "./text-lines";

const value = fc.oneof(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 2 })), fc.integer());
const cuts = fc.array(fc.nat(), { maxLength: 8 });
const asJson = (sink: EntrySink) => new JsonDocumentDecoder(sink);
const asEither = (sink: EntrySink) => new LinesOrDocumentDecoder(sink, new NdjsonDecoder(sink));
const asText = (sink: EntrySink) => new LinesOrDocumentDecoder(sink, new TextLinesDecoder(sink, 0));
const asLines = (sink: EntrySink) => new NdjsonDecoder(sink);
/** JSON has no -0 on the way back. */
const plain = (sent: unknown) => JSON.parse(JSON.stringify(sent));

const asDocument = (sink: EntrySink) => new JsonDocumentDecoder(sink, "logs", "events");

describe("whatever the pieces in which a body arrives", () => {
  test("given an object with nothing but events, as Serilog's sink for HTTP wrote them, then its elements come out", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }));
    fc.assert(
      fc.property(fc.array(object, { minLength: 1 }), cuts, fc.constantFrom(0, 2), (sent, where, indent) => {
        expect(decodeWith(asDocument, Buffer.from(JSON.stringify({ events: sent }, null, indent)), where)).toEqual(
          plain(sent),
        );
      }),
    );
  });

  test("given an object with events beside other members, or with ones that are no objects, then it is the entry", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }));
    const sent = fc.oneof(
      fc.tuple(fc.array(object), fc.jsonValue()).map(([events, message]) => ({ events, message })),
      fc.tuple(fc.array(object), fc.jsonValue()).map(([events, message]) => ({ message, events })),
      fc.oneof(fc.array(fc.string()), object).map((events) => ({ events })),
    );
    fc.assert(
      fc.property(sent, cuts, (one, where) => {
        expect(decodeWith(asDocument, Buffer.from(JSON.stringify(one)), where)).toEqual([plain(one)]);
      }),
    );
  });

  test("given events that are longer than an entry may be, then they come out", () => {
    const sent = Array.from({ length: 3_000 }, (_, index) => ({ index, text: "x".repeat(500) }));
    const body = Buffer.from(JSON.stringify({ events: sent }));
    expect(decodeWith(asDocument, body, [65_536, 131_072, 700_000])).toEqual(sent);
  });

  test("given an array, then its elements come out one by one", () => {
    fc.assert(
      fc.property(fc.array(value), cuts, fc.constantFrom(0, 2), (sent, where, indent) => {
        expect(decodeWith(asJson, Buffer.from(JSON.stringify(sent, null, indent)), where)).toEqual(plain(sent));
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
        expect(decodeWith(asJson, Buffer.from(document), where)).toEqual(plain(sent));
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
          expect(decodeWith(asJson, Buffer.from(JSON.stringify(sent)), where)).toEqual([plain(sent)]);
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
        const bytes = Buffer.from(text + (endsWithNewline ? "\n" : ""));
        expect(decodeWith(asLines, bytes, where)).toEqual(expected);
        expect(decodeWith(asEither, bytes, where)).toEqual(expected);
      }),
    );
  });

  test("given lines of objects that are called a document, then they come out as lines", () => {
    const object = fc.dictionary(
      fc.string().filter((name) => name !== "logs"),
      fc.jsonValue({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(
        fc.array(object, { minLength: 1 }),
        cuts,
        fc.constantFrom("\n", "\r\n", " \n\n"),
        (sent, where, end) => {
          const text = sent.map((one) => `${JSON.stringify(one)}${end}`).join("");
          expect(decodeWith(asJson, Buffer.from(text), where)).toEqual(plain(sent));
        },
      ),
    );
  });

  test("given objects one after the other with any white space or none between, then each comes out", () => {
    const object = fc.dictionary(
      fc.string().filter((name) => name !== "logs"),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\r", "\n"), maxLength: 3 });
    const written = fc.tuple(object, space, fc.constantFrom(0, 2));
    fc.assert(
      fc.property(fc.array(written, { minLength: 1 }), cuts, (sent, where) => {
        const text = sent.map(([one, after, indent]) => JSON.stringify(one, null, indent) + after).join("");
        expect(decodeWith(asJson, Buffer.from(text), where)).toEqual(plain(sent.map(([one]) => one)));
      }),
      { numRuns: 500 },
    );
  });

  test("given an array of objects that is called lines, then its elements come out", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }));
    fc.assert(
      fc.property(fc.array(object, { minLength: 1 }), cuts, fc.constantFrom(0, 2), (sent, where, indent) => {
        for (const document of [sent, { logs: sent }]) {
          const text = ` ${JSON.stringify(document, null, indent)}`;
          expect(decodeWith(asEither, Buffer.from(text), where)).toEqual(plain(sent));
        }
      }),
    );
  });

  test("given lines of which some are no JSON, and that are called a document, then the others come out", () => {
    for (const bad of ['{"a":1,}', '{"a":"x', '{"a" 1}', '{"a":1', "{a:1}"]) {
      const text = `${bad}\n{"b":2}\n${bad}\n{"c":3}`;
      for (let cut = 0; cut < text.length; cut++) {
        const seen = decodeWith(asJson, Buffer.from(text), [cut]);
        expect(seen).toEqual([new SyntaxError(bad), { b: 2 }, new SyntaxError(bad), { c: 3 }]);
      }
    }
  });

  test("given a line that is too long after one that is an entry, and that are called a document, then it is rejected alone", () => {
    const body = Buffer.from(`{"a":1}\n{"b":"${"x".repeat(LIMITS.entryBytes)}"}\n{"c":3}`);
    for (const where of [[], [8], [20, 100_000], [1_000_000, 1_048_600]]) {
      const seen = decodeWith(asJson, body, where);
      expect(seen.map((one) => (one instanceof Error ? one.message : one))).toEqual([
        { a: 1 },
        `an entry must be at most ${LIMITS.entryBytes} bytes`,
        { c: 3 },
      ]);
    }
  });
});

test("given lines after a byte order mark, then the first is read too", () => {
  expect(decodeWith(asLines, Buffer.from('\ufeff{"a":1}\n{"b":2}'), [1])).toEqual([{ a: 1 }, { b: 2 }]);
});

test.each(['[1]\n{"a":1}', "[\n"])("given lines of which the first is a list: %j, then they stay lines", (text) => {
  for (let cut = 0; cut < text.length; cut++) {
    expect(decodeWith(asEither, Buffer.from(text), [cut])).toEqual(decodeWith(asLines, Buffer.from(text), []));
  }
});

test("given a line that is not UTF-8 and one that is too long, then they are rejected alone and in their places", () => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":1}\n'),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    Buffer.from(`"${"x".repeat(1024 * 1024)}"\n{"a":2}`),
  ]);
  const seen = decodeWith(asLines, bytes, [10, 70_000]);
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
  ["[]\n[]", "text after the document at byte 4"],
  ['{"a":1}[]', "text after the document at byte 8"],
  ['{"a":1}{"b":}', "not a JSON value at byte 13"],
  ['{"a":1} {"b":2', "an object is not closed at byte 15"],
  ['{"logs":[]}{"b":2}', "text after the document at byte 12"],
  ['{"logs":[]}\n{"b":2}', "text after the document at byte 13"],
  ['{\n"a":1,\n}\n', "a member's name in quotes is missing at byte 10"],
  ['{"a":1,}\n', "a member's name in quotes is missing at byte 8"],
])("given the body %s, then it is refused as a whole, with the place", (body, reason) => {
  expect(() => decodeWith(asJson, Buffer.from(body), [])).toThrow(reason);
});

test("given anything at all in any pieces, then the outcome is the same: the same entries, or the same refusal", () => {
  const token = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    ",",
    "\n",
    "\r\n",
    " ",
    "\\",
    '"a"',
    '"logs"',
    '{"a":1}',
    "1",
    "x",
    "\ufeff",
    "é",
  );
  const bytes = fc.oneof(
    fc.array(token, { maxLength: 20 }).map((tokens) => Buffer.from(tokens.join(""))),
    fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array)),
  );
  const outcome = (make: (sink: EntrySink) => Decoder, body: Buffer, where: readonly number[]) => {
    try {
      return decodeWith(make, body, where);
    } catch (error) {
      expect(error).toMatchObject({ kind: "invalid" });
      return reasonOf(error);
    }
  };
  fc.assert(
    fc.property(fc.constantFrom(asJson, asLines, asEither, asText), bytes, cuts, (make, body, where) => {
      expect(outcome(make, body, where)).toEqual(outcome(make, body, []));
    }),
    { numRuns: 3_000 },
  );
});
