import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { attributeTexts } from "@/core/search/query/attribute-texts";
import type { Field, QueryNode } from "@/core/search/query/query-tree";
import { type Columns, toDuckdb } from "@/core/search/query/to-duckdb";
import { isExactFor, type SealedScope, sealedScopeOf, segmentsOf } from "@/core/search/sealed";
import { columnNameOf } from "@/core/segments/attribute-columns";
import type { Segment } from "@/core/segments/catalogue";
import { identifier, joinedColumns, valuesOfJoined } from "@/core/segments/duck";
import type { Missing } from "@/core/segments/read/missing";
import type { Chunk } from "@/core/segments/read/plan-chunks";
import { readChunk } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import type { Facts } from "./group-entries";
import { type Question, widthOf } from "./question";
import { fieldsOf } from "./resolve-stats";

/** What tells entries of a file apart, for groups that need nothing else of them. */
export type SealedGroups = {
  /** Of the times that are alike; null: all are. */
  widthMs: number | null;
  fields: readonly Field[];
  /** In a row, behind its segment and time, of each field that is asked for: two may be the same. */
  places: ReadonlyMap<Field, number>;
  /** By the place of the measure; null where it takes all. */
  conditions: readonly (SealedScope | null)[];
};

/**
 * What a file must be asked by, so that entries that are alike come as one with their number.
 * @returns null where the groups need what each entry has by itself: its place in time, its message, tags
 */
export function sealedGroupsOf(question: Question): SealedGroups | null {
  const { stats } = question;
  if (stats.measures.some(({ call }) => call.kind === "first" || call.kind === "last")) return null;
  const asked = fieldsOf(stats);
  if (asked.some(({ name }) => name === "message" || name === "tags" || name === "timestamp")) return null;
  const fields = new Map(asked.map((field) => [keyOf(field), field]));
  const names = [...fields.keys()];
  return {
    widthMs: widthOf(question),
    fields: [...fields.values()],
    places: new Map(asked.map((field) => [field, 2 + names.indexOf(keyOf(field))])),
    conditions: stats.measures.map(({ condition }) => condition && sealedScopeOf(condition, undefined)),
  };
}

const keyOf = (field: Field) => (field.name === "attribute" ? `attribute ${field.path.join(".")}` : field.name);

type Asked = {
  groups: SealedGroups;
  scope: SealedScope;
  missing: Missing;
  signal: AbortSignal;
};

/** Whether files can tell exactly what a query and the conditions of its measures select of these segments. */
export const canTell = ({ conditions }: SealedGroups, scope: SealedScope, segments: readonly Segment[]): boolean =>
  [scope, ...conditions].every((one) => one === null || isExactFor(one, segments));

/**
 * Gives the entries of a chunk, those that are alike at once. Of attributes without a column the JSON text comes with those entries in
 * which it may stand, each of which comes by itself then.
 * @param add told of which segment they are
 */
export async function groupSealed(
  context: EntriesContext,
  chunk: Chunk,
  { groups, scope, missing, signal }: Asked,
  add: (segment: Segment, facts: Facts, weight: number) => void,
): Promise<void> {
  const segments = segmentsOf(chunk);
  const { fields, places, conditions, widthMs } = groups;
  const names = ["segment", "time", ...fields.map(fieldName), ...conditions.map(conditionName), "json", "number"].join(
    ", ",
  );
  const placeOf = new Map(segments.map((segment, place) => [segment, place]));
  const asked = {
    columnsOf: (segment: Segment) =>
      sql`${sql.raw(String(placeOf.get(segment)))} as segment, ${sql.join(partsOf(groups, segment), sql`, `)}`,
    conditionOf: (segment: Segment) => scope.conditionOf(segment).condition,
    queryOf: (entries: SQL) => sql`
      select ${joinedColumns(names)} as entry
      from (select *, count(*) as number from ${entries} as entry group by all) as grouped`,
    row: rowSchema,
    missing,
    signal,
  };
  for await (const rows of readChunk(context, chunk, asked)) {
    for (const { entry: values } of rows) {
      const segment = segments[Number(values[0])];
      if (!segment) throw new Error("a group is of no segment that was asked");
      const json = values.at(-2) ?? "";
      const facts: Facts = {
        micros: widthMs === null ? 0 : Number(values[1]) * widthMs * 1_000,
        id: 0n,
        textsOf(field) {
          const value = values[places.get(field) ?? -1] ?? "";
          if (value !== IN_JSON) return textsIn(value);
          return json === "" || field.name !== "attribute" ? [] : attributeTexts(json, field.path);
        },
        isOf: (measure) => values[fields.length + 2 + measure] === "true",
      };
      add(segment, facts, Number(values.at(-1)));
    }
  }
}

const fieldName = (_: unknown, place: number) => `field${place}`;
const conditionName = (_: unknown, place: number) => `is${place}`;

const rowSchema = z.object({ entry: z.string().transform(valuesOfJoined) });

/** The columns of a group: its time, what it has of each field, and which measures take it. */
function partsOf({ widthMs, fields, conditions }: SealedGroups, segment: Segment): SQL[] {
  const time = widthMs === null ? sql`0::bigint` : sql.raw(`floor(epoch_us("timestamp") / ${widthMs * 1_000})::bigint`);
  return [
    sql`${time} as time`,
    ...fields.map((field, place) => sql`${textSql(field, segment)} as ${sql.raw(fieldName(field, place))}`),
    ...conditions.map(
      (condition, place) =>
        sql`${condition ? sql`(${condition.conditionOf(segment).condition})` : sql`true`} as ${sql.raw(conditionName(condition, place))}`,
    ),
    sql`${jsonSql(fields, segment)} as json`,
  ];
}

const TEXT = "$";
const NUMBER = "#";
const IN_JSON = "?";

/** What an entry has of a field, behind a sign that says how it is written; empty when it has nothing. */
function textSql(field: Field, segment: Segment): SQL {
  if (field.name === "service" || field.name === "level") return sql.raw(`'${TEXT}' || ${field.name}`);
  if (field.name === "pattern") return sql.raw(`coalesce('${TEXT}' || pattern::varchar, '')`);
  const column = columnOf(field, segment);
  if (!column) return sql.raw(`'${IN_JSON}'`);
  const sign = column.kind === "number" ? NUMBER : TEXT;
  return sql.raw(`coalesce('${sign}' || ${identifier(columnNameOf(column.path))}::varchar, '')`);
}

const columnOf = (field: Field, { attributeColumns }: Segment) =>
  field.name === "attribute" ? attributeColumns.find(({ path }) => path === field.path.join(".")) : undefined;

/** The attributes of entries that may have one of those that have no column; else empty. */
function jsonSql(fields: readonly Field[], segment: Segment): SQL {
  const inJson = fields.filter((field) => field.name === "attribute" && !columnOf(field, segment));
  if (inJson.length === 0) return sql`''`;
  const isThere = inJson.map((field) => toDuckdb(anyOf(field), NO_COLUMNS).condition);
  return sql`case when ${sql.join(isThere, sql` or `)} then coalesce(attributes, '') else '' end`;
}

const NO_COLUMNS: Columns = new Map();
const anyOf = (field: Field): QueryNode => ({ kind: "match", field, test: { op: "contains", pattern: [""] } });

/** A column of numbers has only such as are written as JavaScript writes them, which DuckDB may write otherwise. */
function textsIn(value: string): readonly string[] {
  if (value === "") return [];
  const text = value.slice(1);
  return [value.startsWith(NUMBER) ? String(Number(text)) : text];
}
