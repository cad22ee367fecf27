import fc from "fast-check";
import { expect, test } from "vitest";
import { cutEntry } from "./cut-entry";
import { entryText } from "./entry-json";
import { pickAttributes } from "./pick-attributes";
import { attributeTexts } from "./query/attribute-texts";
import { fold } from "./query/fold";
import type { Entry } from "./schemas";

const entry: Entry = {
  id: "1773144000000000-7",
  timestamp: "2026-03-10T12:00:00.000000Z",
  service: "shop",
  level: "error",
  message: "paid 👍👍👍",
  pattern: "42",
  tags: ["a"],
  attributes:
    '{"user": {"id": 1.10, "Name": "Ada Lovelace"}, "http.status":500,"items":[{"sku":"x"},{"sku":"yz"},{"n":1}],"id":null}',
};
const ALWAYS = { id: entry.id, timestamp: entry.timestamp, level: "error" };

test("given fields, then an entry has these and no others beside its id, time and level", () => {
  expect(cutEntry(entry, { fields: ["message", "tags"] })).toEqual({ ...ALWAYS, message: entry.message, tags: ["a"] });
  expect(cutEntry(entry, { fields: ["service", "pattern"] })).toEqual({ ...ALWAYS, service: "shop", pattern: "42" });
  expect(cutEntry(entry, { fields: ["attributes"] })).toEqual({ ...ALWAYS, attributes: entry.attributes });
  expect(cutEntry({ ...entry, attributes: null }, { fields: ["user.id"] })).toEqual({ ...ALWAYS, attributes: null });
});

test.each([
  [["user.id"], '{"user":{"id":1.10}}'],
  [["USER.NAME"], '{"user":{"Name":"Ada Lovelace"}}'],
  [["user"], '{"user":{"id": 1.10, "Name": "Ada Lovelace"}}'],
  [["http.status"], '{"http.status":500}'],
  [["items.sku"], '{"items":[{"sku":"x"},{"sku":"yz"}]}'],
  [["id", "user.id"], '{"user":{"id":1.10},"id":null}'],
  [["user", "user.id"], '{"user":{"id": 1.10, "Name": "Ada Lovelace"}}'],
  [["nothing.there"], null],
])("given the path %s, then the attributes are %s, with every text as it was sent", (fields, attributes) => {
  expect(cutEntry(entry, { fields }).attributes).toBe(attributes);
});

test("given a length, then longer texts are cut between characters, and the answer says how long they are", () => {
  expect(cutEntry(entry, { length: 6 })).toEqual({
    ...entry,
    message: "paid 👍",
    attributes:
      '{"user":{"id":1.10,"Name":"Ada Lo"},"http.status":500,"items":[{"sku":"x"},{"sku":"yz"},{"n":1}],"id":null}',
    cut: { message: 8, attributes: { "user.Name": 12 } },
  });
  expect(cutEntry(entry, { fields: ["message", "items"], length: 1 })).toEqual({
    ...ALWAYS,
    message: "p",
    attributes: '{"items":[{"sku":"x"},{"sku":"y"},{"n":1}]}',
    cut: { message: 8, attributes: { "items.sku": 2 } },
  });
  expect(cutEntry(entry, { fields: ["message"], length: 8 })).toEqual({ ...ALWAYS, message: entry.message });
});

test("given neither, then an entry is whole, and its text too when attributes are not asked for", () => {
  expect(entryText(entry)).toContain(`"attributes":${entry.attributes}}`);
  expect(entryText(entry, { fields: ["service"] })).toBe(
    '{"id":"1773144000000000-7","timestamp":"2026-03-10T12:00:00.000000Z","level":"error","service":"shop"}',
  );
  const stored = { ...entry, attributes: '{"__proto__":"long text"}' };
  expect(entryText(stored, { fields: ["__proto__"], length: 4 })).toContain('"attributes":{"__proto__":"long"}');
  expect(entryText(stored, { fields: ["__proto__"], length: 4 })).toContain('"cut":{"attributes":{"__proto__":9}}');
});

const name = fc.constantFrom("a", "b", "a.b", "B", "ü");
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("1.10", "null", "true", '"x"', '"\\u00e9 \\" y"', "-1e400", "{}", "[]"),
    fc.array(tie("any").map(String), { maxLength: 3 }).map((items) => `[ ${items.join(" , ")}]`),
    tie("object").map(String),
  ),
  object: fc
    .array(fc.tuple(name, tie("any").map(String)), { maxLength: 4 })
    .map((members) => `{${members.map(([key, inner]) => ` "${key}" :${inner}`).join(",")}}`),
}));

test("given any attributes, then a path finds in what is picked for it what it finds in all of them", () => {
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("."));
  fc.assert(
    fc.property(value.object, fc.array(path, { minLength: 1, maxLength: 3 }), (document, paths) => {
      const picked = pickAttributes(document, paths, undefined)?.text ?? "{}";
      expect(() => JSON.parse(picked)).not.toThrow();
      for (const one of paths) {
        const folded = fold(one).split(".");
        expect(attributeTexts(picked, folded)).toEqual(attributeTexts(document, folded));
      }
    }),
    { numRuns: 2_000 },
  );
});
