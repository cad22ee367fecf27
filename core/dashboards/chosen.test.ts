import fc from "fast-check";
import { expect, test } from "vitest";
import { splitPipes } from "@/core/analytics/find-pipe";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { knownField } from "@/core/search/query/field-names";
import { fold } from "@/core/search/query/fold";
import { parseQuery } from "@/core/search/query/parse";
import { sourceOf } from "./chosen";
import type { Panel } from "./definition";
import { valuesQuery } from "./values-query";

const signs = fc.constantFrom(..."aB1é😀 .:;,/\\\"'()[]{}<>=-_*|#%$");
const text = fc.string({ unit: signs, minLength: 1, maxLength: 10 });

test("given any field and any part of a value, then the query for its values asks for just these", () => {
  fc.assert(
    fc.property(text, fc.string({ unit: signs, maxLength: 10 }), (field, typed) => {
      // A number before a colon is a time or an address.
      fc.pre(knownField(field) === null && !/^[\d.]+$/.test(field));
      const query = valuesQuery(field, typed);
      const { lines, pipes } = splitPipes(query);
      const pattern = typed === "" ? ["", ""] : ["", fold(typed), ""];
      expect([query, parseQuery(lines)]).toEqual([
        query,
        { kind: "match", field: { name: "attribute", path: fold(field).split(".") }, test: { op: "equals", pattern } },
      ]);
      const { stats } = parsePipes(query, query.length - (pipes?.length ?? 0));
      expect(stats.by).toMatchObject([{ of: { kind: "field", field: { path: fold(field).split(".") } } }]);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["level", "err", '* | top 50 by ("level")'],
  ["service", "pay-1", 'service:*pay\\-1* | top 50 by ("service")'],
  ["10", "a", '* | top 50 by ("10")'],
  ["tag", "", 'tag:* | top 50 by ("tag")'],
])("given %s and %s, then the query is %s", (field, typed, query) => {
  expect(valuesQuery(field, typed)).toBe(query);
});

const place = { id: "1", title: "", x: 0, y: 0, width: 6, height: 6 };
const time = { range: "1h", zone: "UTC" };

test.each<[Panel, unknown]>([
  [
    { ...place, kind: "health", service: "$Shop" },
    { kind: "health", services: ["a", "b"] },
  ],
  [
    { ...place, kind: "health", service: "$other" },
    { kind: "health", services: ["$other"] },
  ],
  [
    { ...place, kind: "incidents", service: null },
    { kind: "incidents", services: [] },
  ],
  [
    { ...place, kind: "incidents", service: "pay" },
    { kind: "incidents", services: ["pay"] },
  ],
  [
    { ...place, kind: "lines", query: "service:$shop", limit: 5 },
    { kind: "lines", q: "(service:a OR service:b)", limit: 5, time },
  ],
  [{ ...place, kind: "text", text: "service:$shop" }, null],
])("given the panel %j and services that are chosen, then it is computed of %j", (panel, source) => {
  expect(sourceOf(panel, { shop: ["a", "b"] }, time)).toEqual(source);
});
