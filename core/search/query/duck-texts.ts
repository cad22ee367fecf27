import { type SQL, sql } from "drizzle-orm";
import { NUMBER } from "./attribute-texts";
import type { Pattern, Test } from "./query-tree";
import { literalOf } from "./regex";

/** A test of folded text in DuckDB's SQL, which takes time linear to the text. */
export function duckTextTest(test: Test, text: SQL): SQL {
  switch (test.op) {
    case "contains":
      return patternTest(["", ...test.pattern, ""], text);
    case "equals":
      return patternTest(test.pattern, text);
    case "regex":
      return regexTest(test.regex.source, text);
    case "compare":
      return sql`(case when regexp_matches(${text}, ${NUMBER.source})
        then ${text}::double ${sql.raw(test.comparison)} ${String(test.value)}::double else false end)`;
    case "levels":
    case "patterns":
      return sql`false`;
  }
}

/**
 * Whether a text is as a pattern with its wildcards says. Not by LIKE, which tries every place for every wildcard: on a long text
 * of few letters some wildcards take hours, and a query can't be ended within a row.
 */
function patternTest(pattern: Pattern, text: SQL): SQL {
  const [first = "", ...rest] = pattern;
  const last = rest.pop();
  if (last === undefined) return sql`${text} = ${first}`;
  const inner = rest.filter((part) => part !== "");
  const [only = "", ...others] = [first, ...inner, last].filter((part) => part !== "");
  if (others.length === 0) {
    if (first !== "") return sql`starts_with(${text}, ${only})`;
    return last === "" ? sql`contains(${text}, ${only})` : sql`ends_with(${text}, ${only})`;
  }
  const start = first === "" ? [] : [`\\A${literalOf(first)}`];
  const end = last === "" ? [] : [`${literalOf(last)}\\z`];
  return regexTest([...start, ...inner.map(literalOf), ...end].join(".*"), text);
}

/**
 * DuckDB rewrites an expression of nothing but literals, `.` and `.*` as LIKE, which a group keeps it from. One without a star may
 * be rewritten: that is quicker, and linear; but not one with an anchor or an empty group within, which it forgets then.
 */
const regexTest = (source: string, text: SQL): SQL =>
  sql`regexp_matches(${text}, ${mayBeRewritten(source) ? source : `(${source})`}, 's')`;

const mayBeRewritten = (source: string): boolean =>
  !source.includes("*") && !/[\^$(]/.test(source.replace(/^\^/, "").replace(/\$$/, ""));
