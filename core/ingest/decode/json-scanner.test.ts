import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonScanner } from "./json-scanner";

/** Whether the scanner takes the whole text as one JSON value. */
function accepts(text: string): boolean {
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner();
  scanner.reset(bytes, bytes.length);
  const end = scanner.scanValue(scanner.skipSpace(0), 0);
  return end >= 0 && scanner.skipSpace(end) === bytes.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const json = fc.json({ maxDepth: 6, stringUnit: "grapheme" });

test("given any JSON text, then it is accepted as JSON.parse accepts it", () => {
  fc.assert(
    fc.property(json, fc.constantFrom("", " ", "\n\t"), (text, space) => {
      expect(accepts(space + text + space)).toBe(true);
    }),
  );
});

test("given JSON text with any change to one character, then it is accepted exactly when JSON.parse accepts it", () => {
  fc.assert(
    fc.property(
      json,
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\/eE+-.01 \n\u0001tfnu'),
      fc.boolean(),
      (text, place, character, replaces) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + character + text.slice(replaces ? at + 1 : at);
        // Half a surrogate pair has no UTF-8.
        fc.pre(changed.isWellFormed());
        expect(accepts(changed)).toBe(parses(changed));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("given texts of JSON's own characters, then they are accepted exactly when JSON.parse accepts them", () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]":,0123456789.eE+-truefalsn\\/ \t\n'), maxLength: 12 });
  fc.assert(
    fc.property(text, (sent) => {
      expect(accepts(sent)).toBe(parses(sent));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['"\\u0000"', "the NUL character"],
  ['"\\ud800"', "half a surrogate pair"],
  ['"\\udc00\\ud800"', "half a surrogate pair"],
  ['"\\ud83d\\ude00"', ""],
  ['"\\u00e4"', ""],
])("given the string %s, then what can't be stored in it is %j", (text, unstorable) => {
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner();
  scanner.reset(bytes, bytes.length);
  expect(scanner.scanValue(0, 0)).toBe(bytes.length);
  expect(scanner.unstorable).toBe(unstorable);
});

test.each([64, 65])("given a value nested %i deep, then 64 is the deepest that is accepted", (depth) => {
  expect(accepts(`${"[".repeat(depth)}${"]".repeat(depth)}`)).toBe(depth <= 64);
});
