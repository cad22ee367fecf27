import { type SQL, sql } from "drizzle-orm";
import { LEVELS } from "@/core/levels";
import type { AttributeColumn } from "@/core/segments/attribute-columns";
import { columnCondition } from "./column-condition";
import { duckTextTest } from "./duck-texts";
import type { Match, QueryNode } from "./query-tree";
import { wordsInJson } from "./sql-texts";

/** A condition on the columns of a segment. */
export type DuckCondition = {
  condition: SQL;
  /** False: it selects more than the query does, and toPredicate decides. */
  isExact: boolean;
};

export type Columns = ReadonlyMap<string, AttributeColumn>;

const EVERYTHING: DuckCondition = { condition: sql`true`, isExact: false };

/**
 * Compiles a query to a condition in DuckDB's SQL that selects at least what toPredicate selects, and just that where it says so
 * (a property test holds them together). Every value is a parameter. Attributes are found by their columns, or else by what must
 * stand in their text.
 * @param columns of the segments that are asked, by path
 */
export function toDuckdb(node: QueryNode, columns: Columns): DuckCondition {
  switch (node.kind) {
    case "and":
    case "or": {
      if (node.children.length === 0) return { condition: sql`true`, isExact: true };
      const children = node.children.map((child) => toDuckdb(child, columns));
      const conditions = children.map(({ condition }) => condition);
      return {
        condition: sql`(${sql.join(conditions, node.kind === "and" ? sql` and ` : sql` or `)})`,
        isExact: children.every(({ isExact }) => isExact),
      };
    }
    case "not": {
      const { condition, isExact } = toDuckdb(node.child, columns);
      // What is not in a superset tells nothing of what is not in the set.
      return isExact ? { condition: sql`not ${condition}`, isExact } : EVERYTHING;
    }
    case "match":
      return matchCondition(node, columns);
  }
}

const exact = (condition: SQL): DuckCondition => ({ condition, isExact: true });

function matchCondition({ field, test }: Match, columns: Columns): DuckCondition {
  switch (field.name) {
    case "message":
      return exact(duckTextTest(test, sql`lower(message)`));
    case "service":
      return exact(duckTextTest(test, sql`lower(service)`));
    case "tags":
      return exact(
        sql`coalesce(len(list_filter(tags, lambda tag: ${duckTextTest(test, sql`lower(tag)`)})) > 0, false)`,
      );
    case "level": {
      const levels = test.op === "levels" ? test.levels.flatMap((index) => LEVELS[index] ?? []) : [];
      return exact(levels.length === 0 ? sql`false` : sql`level in (${listOf(levels)})`);
    }
    case "pattern": {
      const ids = test.op === "patterns" ? test.ids : [];
      if (ids === null) return exact(sql`pattern is not null`);
      if (ids.length === 0) return exact(sql`false`);
      return exact(sql`(pattern is not null and pattern in (${listOf(ids.map((id) => sql`${id}::bigint`))}))`);
    }
    case "timestamp":
      if (test.op !== "compare") return exact(sql`false`);
      return exact(sql`epoch_us("timestamp") ${sql.raw(test.comparison)} ${test.value}::double`);
    case "attribute": {
      const column = columns.get(field.path.join("."));
      const condition = column && columnCondition(column, test);
      if (condition) return exact(condition);
      return {
        condition: sql`(attributes is not null and ${mentions(wordsInJson(field.path, test))})`,
        isExact: false,
      };
    }
  }
}

const listOf = (values: readonly (string | SQL)[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );

/** As in toSql. */
function mentions(words: readonly string[]): SQL {
  if (words.length === 0) return sql`true`;
  const all = sql.join(
    words.map((word) => sql`contains(lower(attributes), ${word})`),
    sql` and `,
  );
  return sql`(${all} or contains(attributes, ${"\\u"}))`;
}
