import { type SQL, sql } from "drizzle-orm";
import { LEVELS } from "@/core/levels";
import { microsToSql } from "../entry-row";
import { NUMBER } from "./attribute-texts";
import { fold } from "./fold";
import type { Match, QueryNode, Test } from "./query-tree";
import { likeOf, wordsInJson } from "./sql-texts";
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

/** Lower case as fold makes it. */
const folded = (text: SQL) => sql`lower(${text} collate "pg_c_utf8")`;

function matchSql({ field, test }: Match, services: readonly string[]): SQL {
  switch (field.name) {
    case "message":
      return textSql(test, folded(sql`message`));
    case "service": {
      const names = services.filter((name) => testText(test, fold(name)));
      return sql`service = any(${sql.param(names)}::text[])`;
    }
    case "tags":
      return sql`exists (select from unnest(coalesce(tags, '{}')) as tag where ${textSql(test, folded(sql`tag`))})`;
    case "level": {
      const levels = test.op === "levels" ? test.levels.map((index) => LEVELS[index]) : [];
      return sql`level = any(${sql.param(levels)}::logs.level[])`;
    }
    case "pattern": {
      const ids = test.op === "patterns" ? test.ids : [];
      // Without a null, which NOT would take for neither.
      return sql`(pattern = any(${sql.param([...ids])}::bigint[]) and pattern is not null)`;
    }
    case "timestamp":
      if (test.op !== "compare") return sql`false`;
      return sql`timestamp ${sql.raw(test.comparison)} ${microsToSql(test.value)}`;
    case "attribute":
      return sql`(attributes is not null and ${mentions(wordsInJson(field.path, test))} and exists (
        select from logs.attribute_texts(attributes, ${sql.param([...field.path])}::text[]) as value
        where ${textSql(test, folded(sql`value`))}))`;
  }
}

/** A condition that is cheap to look at: it never takes away a match (sql-texts.ts). */
function mentions(words: readonly string[]): SQL {
  if (words.length === 0) return sql`true`;
  const text = folded(sql`attributes::text`);
  const all = sql.join(
    words.map((word) => sql`${text} like ${`%${likeOf([word])}%`}`),
    sql` and `,
  );
  return sql`(${all} or strpos(attributes::text, ${"\\u"}) > 0)`;
}

function textSql(test: Test, text: SQL): SQL {
  switch (test.op) {
    case "contains":
      return sql`${text} like ${`%${likeOf(test.pattern)}%`}`;
    case "equals":
      return test.pattern.length === 1 ? sql`${text} = ${test.pattern[0]}` : sql`${text} like ${likeOf(test.pattern)}`;
    case "regex":
      return sql`${text} ~ ${test.regex.source}`;
    case "compare":
      // Only what looks like a number is cast; CASE keeps the order.
      return sql`case when ${text} ~ ${NUMBER.source}
        then (${text})::float8 ${sql.raw(test.comparison)} ${test.value}::float8 else false end`;
    case "levels":
    case "patterns":
      return sql`false`;
  }
}
