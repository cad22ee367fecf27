import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { attributeTexts } from "@/core/search/query/attribute-texts";
import type { Field, QueryNode } from "@/core/search/query/query-tree";
import { type Columns, toDuckdb } from "@/core/search/query/to-duckdb";
import { columnNameOf } from "@/core/segments/attribute-columns";
import type { Segment } from "@/core/segments/catalogue";
import { identifier } from "@/core/segments/duck";

/** What an entry has of a field begins with a sign that says how it is written; it is empty when it has nothing. */
const TEXT = "$";
const NUMBER = "#";
/** JSON of a list of texts. */
const LIST = "[";
/** JSON of what stands at the path, as DuckDB writes it. */
const JSON_VALUE = "=";
/** Only the whole JSON text tells. */
export const IN_JSON = "?";

/** Names that JSON writes as they are, unless with escapes. */
const PLAIN_NAME = /^[a-z0-9_@-]+$/;
const MOST_NAMES = 5;
/** Of a column of numbers, which DuckDB writes with a fraction always, and small ones with an exponent. */
const PLAIN_NUMBER = `${NUMBER}-?[0-9]+[.][0-9]+`;
const ESCAPE = "\\u";
const NO_COLUMNS: Columns = new Map();
const listSchema = z.array(z.string());

const columnOf = (field: Field, { attributeColumns }: Segment) =>
  field.name === "attribute" ? attributeColumns.find(({ path }) => path === field.path.join(".")) : undefined;

/** Whether what an entry has of a field may have to be looked for in its JSON text. */
export const isInJson = (field: Field, segment: Segment): boolean =>
  field.name === "attribute" && !columnOf(field, segment);

/** What an entry of a segment has of a field, as a column of its file gives it. */
export function rawSql(field: Field, segment: Segment): SQL {
  switch (field.name) {
    case "service":
    case "level":
    case "message":
      return sql.raw(`'${TEXT}' || ${field.name}`);
    case "pattern":
      return sql.raw(`coalesce('${TEXT}' || pattern::varchar, '')`);
    case "tags":
      return sql.raw(`coalesce(to_json(tags)::varchar, '')`);
    case "timestamp":
      throw new TypeError("times are not read as values of segments");
    case "attribute": {
      const column = columnOf(field, segment);
      if (!column) return jsonSql(field);
      const sign = column.kind === "number" ? NUMBER : TEXT;
      return sql.raw(`coalesce('${sign}' || ${identifier(columnNameOf(column.path))}::varchar, '')`);
    }
  }
}

type Attribute = Extract<Field, { name: "attribute" }>;

/**
 * The JSON at a path where there is one place that can be meant: the last name stands in the text once, so there is no other, and
 * nothing is written by escapes. It may be spelled with capitals.
 */
function jsonSql(field: Attribute): SQL {
  const { path } = field;
  const anywhere = toDuckdb({ kind: "match", field, test: ANY } satisfies QueryNode, NO_COLUMNS).condition;
  if (path.length > MOST_NAMES || !path.every((name) => PLAIN_NAME.test(name))) {
    return sql`case when ${anywhere} then ${IN_JSON} else '' end`;
  }
  const key = onceIn(field);
  const ways = path.map((_, index) => {
    const before = path.slice(0, path.length - 1 - index);
    return { before: `$${before.map((name) => `."${name}"`).join("")}`, name: path.slice(before.length).join(".") };
  });
  const found = [
    ...ways.map(({ before, name }) => sql`json_extract(attributes, ${`${before}."${name}"`})`),
    ...ways.map(({ before, name }) => sql`json_extract(attributes, ${before} || nullif(${spelledSql(name)}, ''))`),
  ];
  return sql`case when not ${anywhere} then ''
    when contains(attributes, ${ESCAPE}) or len(string_split(lower(attributes), ${key})) <> 2 then ${IN_JSON}
    else coalesce(${JSON_VALUE} || coalesce(${sql.join(found, sql`, `)})::varchar, ${IN_JSON}) end`;
}

/** What stands once in the JSON text where there is one place that can be meant: the last name may be the end of one with dots. */
function onceIn({ path }: Attribute): string {
  const last = `${path.at(-1) ?? ""}"`;
  return path.length === 1 ? `"${last}` : last;
}

/** The end of a path in DuckDB with a name as it stands in the text, whatever its case; empty when it does not. */
const spelledSql = (name: string): SQL =>
  sql`regexp_replace(regexp_extract(attributes, ${`(?i)"${name.replaceAll(".", "\\.")}"`}), '^"', '."')`;

const ANY = { op: "contains", pattern: [""] } as const;

/**
 * What rawSql gave, with JSON read as the text that it is, as far as that is certain: DuckDB writes numbers in its own way, so one
 * is taken only where it stands like that in the JSON text.
 * @param raw name of its column
 */
export function valueSql(field: Field, raw: string): SQL {
  if (field.name !== "attribute") return sql.raw(raw);
  const value = sql.raw(`substring(${raw}, 2)`);
  const key = `${onceIn(field)}:`;
  const stands = [",", "}"].flatMap((end) =>
    ["", " "].map((space) => sql`contains(lower(attributes), ${key + space} || ${value} || ${end})`),
  );
  return sql`case when not starts_with(${sql.raw(raw)}, ${JSON_VALUE}) then ${sql.raw(raw)}
    when ${value} = 'null' then ''
    when starts_with(${value}, '"') and not contains(${value}, chr(92)) then ${TEXT} || substring(${value}, 2, length(${value}) - 2)
    when ${value} in ('true', 'false') then ${TEXT} || ${value}
    when starts_with(${value}, '"') or starts_with(${value}, '[') or starts_with(${value}, '{') then ${IN_JSON}
    when ${sql.join(stands, sql` or `)} then ${TEXT} || ${value}
    else ${IN_JSON} end`;
}

/**
 * The one text that a value is, where DuckDB can tell it: null of lists, of what stands in the JSON text, and of numbers that it may write
 * in another way than JavaScript. What is empty has none.
 * @param value name of its column
 */
export const plainTextSql = (value: string): SQL => {
  const column = sql.raw(value);
  return sql`case when starts_with(${column}, ${TEXT}) then substring(${column}, 2)
    when regexp_full_match(${column}, ${PLAIN_NUMBER}) then regexp_replace(substring(${column}, 2), '[.]0$', '') end`;
};

/**
 * The texts that a value is.
 * @param json of the entry's attributes, where the value is IN_JSON
 */
export function textsOfValue(field: Field, value: string, json: string): readonly string[] {
  if (value === "") return [];
  if (value === IN_JSON) return field.name === "attribute" && json !== "" ? attributeTexts(json, field.path) : [];
  if (value.startsWith(LIST)) return listSchema.parse(JSON.parse(value));
  const text = value.slice(1);
  // A column of numbers has only such as are written as JavaScript writes them, which DuckDB may write otherwise.
  return [value.startsWith(NUMBER) ? String(Number(text)) : text];
}
