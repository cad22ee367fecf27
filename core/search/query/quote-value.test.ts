import fc from "fast-check";
import { expect, test } from "vitest";
import { knownField } from "./field-names";
import { fold } from "./fold";
import { parseQuery } from "./parse";
import { conditionOf, inQuotes, messageIs, quoteValue } from "./quote-value";
import { foldEntry, toPredicate } from "./to-predicate";

const signs = fc.constantFrom(..."aB1é😀 \t\n.:;,/\\\"'()[]{}<>=-_*|#%AND");
const text = fc.string({ unit: signs, maxLength: 12 });

test("given any text in quotes, then it is searched for as it stands", () => {
  fc.assert(
    fc.property(text, (one) => {
      const test = { op: "contains", pattern: [fold(one)] };
      expect(parseQuery(inQuotes(one))).toEqual({ kind: "match", field: { name: "message" }, test });
    }),
    { numRuns: 2_000 },
  );
});

test("given any attribute and value, as filters have them, then the condition asks for just these", () => {
  fc.assert(
    fc.property(text, text, (name, value) => {
      fc.pre(name !== "" && knownField(name) === null);
      const path = fold(name).split(".");
      expect([conditionOf(name, value), parseQuery(conditionOf(name, value))]).toEqual([
        conditionOf(name, value),
        { kind: "match", field: { name: "attribute", path }, test: { op: "equals", pattern: [fold(value)] } },
      ]);
    }),
    { numRuns: 5_000 },
  );
});

test("given any message, then the condition that it is this one selects it, and none that holds more", () => {
  const selects = (message: string, of: string) =>
    toPredicate(parseQuery(`(${messageIs(of)} other:1) OR ${messageIs(of)}`))(
      foldEntry({ micros: "0", service: "s", level: "info", message, pattern: null, tags: null, attributes: null }),
    );
  fc.assert(
    fc.property(text, fc.string({ unit: signs, minLength: 1, maxLength: 3 }), (message, more) => {
      const found = [message, message.toUpperCase(), message + more, more + message].map((one) =>
        selects(one, message),
      );
      expect([messageIs(message), ...found]).toEqual([messageIs(message), true, true, false, false]);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["service", "a b", 'service:"a b"'],
  ["http.status", "500", "http.status:500"],
  ["10", "15", '10:"15"'],
  ["Pay.java", "88", 'Pay.java:"88"'],
  ["-x", "", '\\-x:""'],
  ["f[0]", "a", "f\\[0\\]:a"],
])("given %s and %s, then the condition is %s", (name, value, condition) => {
  expect(conditionOf(name, value)).toBe(condition);
});

test("given a plain value, then it needs no quotes", () => {
  expect(quoteValue("checkout")).toBe("checkout");
});
