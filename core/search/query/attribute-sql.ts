import { type SQL, sql } from "drizzle-orm";
import { NUMBER } from "./attribute-texts";
import type { Test } from "./query-tree";
import { foldedSql, likeOf, wordsInJson } from "./sql-texts";

/** Names that JSON writes as they are, unless with escapes. */
const PLAIN_NAME = /^[a-z0-9_-]+$/;
/** PostgreSQL takes it for a place in an array. */
const INDEX = /^-?[0-9]+$/;
/** A longer path would take more looks than it saves. */
const MOST_NAMES = 5;
/** Escapes of JSON, folded, that may stand for a letter of a plain name or a dot between two, or fold into one. */
const ESCAPED_LETTER = "\\\\u(002[de]|00[3-7]|0130|212a)";

const TEXT = sql.raw("attributes::text");
const FOLDED = foldedSql(TEXT);

/**
 * A condition on the attributes of rows of logs.logs: that one of the texts at a path (attribute-texts.ts) fulfils a test.
 * logs.has_attribute says so of any document, but slowly. Most documents have the path's last name once, which is one look: then the
 * value there is the only one that can be meant.
 */
export function attributeSql(path: readonly string[], test: Test): SQL {
  const exact = exactSql(path, test);
  const canBeLookedAt = path.length <= MOST_NAMES && path.every((name) => PLAIN_NAME.test(name) && !INDEX.test(name));
  const found = canBeLookedAt ? lookedAtSql(waysTo(path), test, exact) : exact;
  return sql`(attributes is not null and ${mentions(wordsInJson(path, test))} and ${found})`;
}

/** How a path may lead to a value: its last names may be one name with dots. The key is that name as it stands in the text. */
type Way = { names: string[]; key: string };

const waysTo = (path: readonly string[]): Way[] =>
  path.map((_, index) => {
    const before = path.length - 1 - index;
    const name = path.slice(before).join(".");
    return { names: [...path.slice(0, before), name], key: `"${name}"` };
  });

function lookedAtSql(ways: readonly Way[], test: Test, exact: SQL): SQL {
  const keys = ways.map(({ key }) => key);
  const several = keys.flatMap((one) => keys.map((other) => `%${likeOf([one])}%${likeOf([other])}%`));
  const values = ways.map(({ names }) => sql`#>> ${sql.param(names)}::text[]`);
  const types = ways.map(({ names }) => sql`json_typeof(attributes #> ${sql.param(names)}::text[])`);
  const isEqual = test.op === "equals" && /^[^[{]/.test(test.pattern[0] ?? "");
  return sql`case
    ${isEqual ? join(values.map((value) => sql`when ${testSql(test, foldedSql(sql`(attributes ${value})`))} then true`)) : sql``}
    when ${isLikeAny([...several, "%\\\\u%"])} and (${isLikeAny(several)} or ${TEXT} ~* ${ESCAPED_LETTER}) then ${exact}
    ${join(values.map((value, index) => valueSql(sql`(attributes ${value})`, types[index], test, exact)))}
    when not ${isLikeAny(keys.map((key) => `%${likeOf([key])}%`))} then false
    ${join(values.map((value) => valueSql(sql`(${FOLDED}::json ${value})`, undefined, test, exact)))}
    else ${exact} end`;
}

const join = (branches: readonly SQL[]): SQL => sql.join([...branches], sql` `);

/** The left side is made once, however many patterns there are. */
const isLikeAny = (patterns: readonly string[]) => sql`${FOLDED} like any (${sql.param(patterns)}::text[])`;

/**
 * Branches of a CASE for the only value that can be meant, as text: null is left to the next ones.
 * @param type of the JSON value, where it is quickly known
 */
function valueSql(value: SQL, type: SQL | undefined, test: Test, exact: SQL): SQL {
  // JSON of an array or object, or a text that looks like it.
  const isContainer = sql`when left(${value}, 1) in ('[', '{') then ${exact}`;
  if (test.op !== "compare") {
    return sql`${isContainer} when ${value} is not null then ${testSql(test, foldedSql(value))}`;
  }
  // PostgreSQL reads as a number what a query takes for none; of JSON's own only long ones. An expression takes longer than all else.
  const isRead = sql`pg_input_is_valid(${value}, 'float8')`;
  const compared = sql`${value}::float8 ${sql.raw(test.comparison)} ${test.value}::float8`;
  const isShort = type ? sql`(${type} = 'number' and length(${value}) < 20 and ${value} not ilike '%e%') or` : sql``;
  return sql`when ${isRead} then ${compared} and (${isShort} ${foldedSql(value)} ~ ${NUMBER.source})
    ${isContainer} when ${value} is not null then false`;
}

/** A test of folded text, but for comparisons of numbers. */
export function testSql(test: Test, text: SQL): SQL {
  switch (test.op) {
    case "contains":
      return sql`${text} like ${`%${likeOf(test.pattern)}%`}`;
    case "equals":
      return test.pattern.length === 1 ? sql`${text} = ${test.pattern[0]}` : sql`${text} like ${likeOf(test.pattern)}`;
    case "regex":
      return sql`${text} ~ ${test.regex.source}`;
    case "compare":
    case "levels":
    case "patterns":
      return sql`false`;
  }
}

function exactSql(path: readonly string[], test: Test): SQL {
  const asked = (operator: string, operand: string | undefined) =>
    sql`logs.has_attribute(attributes, ${sql.param([...path])}::text[], ${operator}, ${operand})`;
  switch (test.op) {
    case "contains":
      return asked("like", `%${likeOf(test.pattern)}%`);
    case "equals":
      return test.pattern.length === 1 ? asked("=", test.pattern[0]) : asked("like", likeOf(test.pattern));
    case "regex":
      return asked("~", test.regex.source);
    case "compare":
      return asked(test.comparison, String(test.value));
    case "levels":
    case "patterns":
      return sql`false`;
  }
}

/** A condition that is cheap to look at: it never takes away a match (sql-texts.ts). */
function mentions(words: readonly string[]): SQL {
  if (words.length === 0) return sql`true`;
  const patterns = words.map((word) => `%${likeOf([word])}%`);
  return sql`(${FOLDED} like all (${sql.param(patterns)}::text[]) or strpos(${TEXT}, ${"\\u"}) > 0)`;
}
