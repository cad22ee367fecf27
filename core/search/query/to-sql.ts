import { type SQL, sql } from "drizzle-orm";
import { LEVELS } from "@/core/levels";
import { microsToSql } from "../entry-row";
import { attributeSql, testSql } from "./attribute-sql";
import { fold } from "./fold";
import type { Match, QueryNode } from "./query-tree";
import { foldedSql } from "./sql-texts";
import { testText } from "./to-predicate";

/**
 * Compiles a query to a condition on rows of logs.logs. Every value is a parameter.
 * @param services names of all services: a test of the service becomes a list of names, which indexes understand
 */
export function toSql(node: QueryNode, services: readonly string[]): SQL {
  switch (node.kind) {
    case "and":
    case "or": {
      if (node.children.length === 0) return sql`true`;
      const conditions = node.children.map((child) => toSql(child, services));
      return sql`(${sql.join(conditions, node.kind === "and" ? sql` and ` : sql` or `)})`;
    }
    case "not":
      return sql`not ${toSql(node.child, services)}`;
    case "match":
      return matchSql(node, services);
  }
}

function matchSql({ field, test }: Match, services: readonly string[]): SQL {
  switch (field.name) {
    case "message":
      return testSql(test, foldedSql(sql`message`));
    case "service": {
      const names = services.filter((name) => testText(test, fold(name)));
      return sql`service = any(${sql.param(names)}::text[])`;
    }
    case "tags":
      return sql`exists (select from unnest(coalesce(tags, '{}')) as tag where ${testSql(test, foldedSql(sql`tag`))})`;
    case "level": {
      const levels = test.op === "levels" ? test.levels.map((index) => LEVELS[index]) : [];
      return sql`level = any(${sql.param(levels)}::logs.level[])`;
    }
    case "pattern": {
      const ids = test.op === "patterns" ? test.ids : [];
      if (ids === null) return sql`pattern is not null`;
      // Without a null, which NOT would take for neither.
      return sql`(pattern = any(${sql.param([...ids])}::bigint[]) and pattern is not null)`;
    }
    case "timestamp":
      if (test.op !== "compare") return sql`false`;
      return sql`timestamp ${sql.raw(test.comparison)} ${microsToSql(test.value)}`;
    case "attribute":
      return attributeSql(field.path, test);
  }
}
