import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { fold } from "@/core/search/query/fold";
import { parseQuery } from "@/core/search/query/parse";
import { putVariables } from "./put-variables";

const signs = fc.constantFrom(..."aB1é😀 \t\n.:;,/\\\"'()[]{}<>=-_*|#%$ANDOR");
const text = fc.string({ unit: signs, minLength: 1, maxLength: 14 });

const contains = (word: string) => ({
  kind: "match",
  field: { name: "message" },
  test: { op: "contains", pattern: [word] },
});
const equals = (path: string, value: string) => ({
  kind: "match",
  field: { name: "attribute", path: path.split(".") },
  test: { op: "equals", pattern: [fold(value)] },
});

describe("a value in the place of a variable", () => {
  test("given any text, then the query asks for just that value of that field, and the rest stays what it was", () => {
    fc.assert(
      fc.property(text, (value) => {
        const query = putVariables("before user.id:$user after", { user: [value] });
        expect([query, parseQuery(query)]).toEqual([
          query,
          { kind: "and", children: [contains("before"), equals("user.id", value), contains("after")] },
        ]);
      }),
      { numRuns: 5_000 },
    );
  });

  test("given any texts, then one of them must hold, whatever they are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 2, maxLength: 4, selector: fold }), (values) => {
        const query = putVariables("user.id:$user boom", { user: values });
        expect([query, parseQuery(query)]).toEqual([
          query,
          {
            kind: "and",
            children: [{ kind: "or", children: values.map((value) => equals("user.id", value)) }, contains("boom")],
          },
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("given any text within the condition of a measure, then the rest of the pipes stays what it was", () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const written of ["if (user:$user)", "if(user:$user)"]) {
          const query = putVariables(`x | stats count() ${written} as "a $user if(", avg(d) by (time)`, {
            user: [value],
          });
          const { stats, after } = parsePipes(query, 2);
          expect(after).toEqual([]);
          expect(stats.by.map(({ name }) => name)).toEqual(["time"]);
          expect(stats.measures).toMatchObject([
            { name: "a $user if(", condition: equals("user", value) },
            { name: "avg(d)", condition: null },
          ]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  // All: no condition, and no contrary of one.
  ["service:$s level:error", {}, "* level:error"],
  ["-service:$s level:error", {}, "* level:error"],
  ["NOT service:$s boom", {}, "* boom"],
  ["a (b OR NOT -service:$s)", {}, "a (b OR *)"],
  ["service:$s | stats count() if (service:$S)", { s: ["pay"] }, "service:pay | stats count() if (service:pay)"],
  ["-service:$s", { s: ["a", "b"] }, "-(service:a OR service:b)"],
  // What is no variable of this dashboard, or text, stays.
  ["message:$home $5 cost:$5", { s: ["x"] }, "message:$home $5 cost:$5"],
  ['"service:$s" service:"$s" service:\\$s \\$s', { s: ["x"] }, '"service:$s" service:"$s" service:\\$s \\$s'],
  ["path:/a$s/", { sa: ["x"] }, "path:/a$s/"],
  ["a:$s1 b:$s c:x$s", { s: ["x"] }, "a:$s1 b:x c:x$s"],
  ["plain | stats count()", { s: ["x"] }, "plain | stats count()"],
])("given %s with %j, then it is %s", (query, chosen, filled) => {
  expect(putVariables(query, { s: [], ...chosen })).toBe(filled);
});

test.each([
  "$s",
  "service:$s* x",
  "duration>$s",
  "x | stats count() by ($s)",
  "x | stats count() | where n > $s",
  "path:/$s/",
])("given %s, then it is told where a variable may stand", (query) => {
  expect(() => putVariables(query, { s: ["x"] })).toThrow(/variable \$s can only stand as the value of a field/);
});
