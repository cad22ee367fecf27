import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { normaliseQuery } from "@/core/search/query/normalise-query";
import { parseQuery } from "@/core/search/query/parse";
import { conditionOf } from "@/core/search/query/quote-value";
import { readQuery } from "@/core/search/query/read-query";
import { withCondition } from "./with-condition";

const form = { nowMs: Date.parse("2026-11-26T16:00:00Z"), retention: new RetentionPlan(30), masker: null };

test.each([
  ["", "a:1", "a:1"],
  ["declined level>=error", "service:checkout", "declined level>=error service:checkout"],
  ["took_ms>=200", "took_ms<500", "took_ms>=200 took_ms<500"],
  ["a:1 b:2 c:3", "d:4", "a:1 b:2 c:3 d:4"],
  ["card OR cash", "a:1", "((card OR cash) a:1)"],
  ["card OR cash", "service:pay", "((card OR cash) service:pay)"],
  ["card declined a:1", "b:2", "(card declined a:1 b:2)"],
  ["(card declined a:1 b:2)", "c:3", "(card declined a:1 b:2 c:3)"],
  ["(card OR cash)", "c:3", "((card OR cash) c:3)"],
  [
    '"the card was declined" OR (the card was declined)',
    "c:3",
    '(("the card was declined" OR (the card was declined)) c:3)',
  ],
  ["(not closed", "c:3", "(not closed c:3"],
])("given %s, when %s is added, then it is %s", (q, condition, expected) => {
  expect(withCondition(q, condition)).toBe(expected);
});

describe("given any query", () => {
  const word = fc.constantFrom(
    "card",
    "declined",
    '"a phrase of words"',
    "x:1",
    "service:pay",
    "-no",
    "OR b",
    "(c OR d)",
    "2026-11-26T15:00:00Z",
  );
  const queries = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" ").replace(/^OR /, ""));
  const condition = fc
    .tuple(
      fc.constantFrom("user.id", "host", "level"),
      fc.constantFrom("info", "error", "warning"),
      fc.constantFrom("", "NOT "),
    )
    .map(([name, value, not]) => not + conditionOf(name, value));

  test("when conditions are added one by one, then it is what was found and all of them, and is no line to anybody", () => {
    fc.assert(
      fc.property(queries, fc.array(condition, { minLength: 1, maxLength: 5 }), (q, conditions) => {
        const asked = readQuery(q, form);
        let query = asked.query;
        for (const one of conditions) query = readQuery(withCondition(query, one), form).query;
        const all = conditions.reduce(withCondition, asked.query);
        expect(query).toBe(all);
        const both = [asked.tree, ...conditions.map(parseQuery)];
        expect(readQuery(all, form).tree).toEqual(normaliseQuery({ kind: "and", children: both }));
        const added = conditions.join(" ").length + conditions.length;
        expect(all.length).toBeLessThanOrEqual(asked.query.length + added + 4);
      }),
      { numRuns: 300 },
    );
  });
});
