import { type SQL, sql } from "drizzle-orm";
import { NUMBER } from "./attribute-texts";
import type { Test } from "./query-tree";
import { likeOf } from "./sql-texts";

/** A test of folded text in DuckDB's SQL. */
export function duckTextTest(test: Test, text: SQL): SQL {
  switch (test.op) {
    case "contains":
      return test.pattern.length === 1
        ? sql`contains(${text}, ${test.pattern[0]})`
        : sql`${text} like ${`%${likeOf(test.pattern)}%`} escape '\\'`;
    case "equals":
      return test.pattern.length === 1
        ? sql`${text} = ${test.pattern[0]}`
        : sql`${text} like ${likeOf(test.pattern)} escape '\\'`;
    case "regex":
      return sql`regexp_matches(${text}, ${test.regex.source}, 's')`;
    case "compare":
      return sql`(case when regexp_matches(${text}, ${NUMBER.source})
        then ${text}::double ${sql.raw(test.comparison)} ${String(test.value)}::double else false end)`;
    case "levels":
    case "patterns":
      return sql`false`;
  }
}
