import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { ENTRY_COLUMNS, entryRowSchema } from "@/core/search/entry-row";
import type { Field } from "@/core/search/query/query-tree";
import { toSql } from "@/core/search/query/to-sql";
import { type Scope, type Sought, serviceNamesFor } from "@/core/search/scope";
import { AttributeFinder } from "./attribute-finder";
import type { Facts, Grouping } from "./group-entries";
import type { Question } from "./question";
import { type SealedGroups, sealedGroupsOf } from "./sealed-groups";

/** Rows that are fetched at once. */
const FETCHED = 1_000;

/** A query for rows, and what puts one of them into groups. */
type Reading = { select: SQL; add(rows: readonly unknown[]): void };

/**
 * Puts what is asked for of entries in the database into groups: those that are alike at once, where PostgreSQL can tell; of attributes
 * the JSON text comes with each entry, and of an entry's place in time all of it.
 * @throws the signal's reason when it aborts
 */
export async function readHot(
  transaction: Executor,
  { scope, sought, question, grouping, signal }: HotAsked,
): Promise<void> {
  const groups = sealedGroupsOf(question);
  const where = sql`
    from logs.logs where timestamp >= ${sought.from}::timestamptz and timestamp < ${sought.to}::timestamptz and ${scope.condition}`;
  const conditions = question.stats.measures.flatMap(({ condition }) => condition ?? []);
  const services = groups ? await serviceNamesFor(transaction, conditions) : [];
  const { select, add } = groups
    ? groupedReading(groups, question, services, grouping, where)
    : entryReading(grouping, where);
  await transaction.execute(sql`declare grouped no scroll cursor for ${select}`);
  for (let isLast = false; !isLast; ) {
    signal.throwIfAborted();
    const { rows } = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from grouped`);
    isLast = rows.length < FETCHED;
    add(rows);
  }
}

export type HotAsked = {
  scope: Scope;
  sought: Sought;
  question: Question;
  grouping: Grouping;
  signal: AbortSignal;
};

const entryReading = (grouping: Grouping, where: SQL): Reading => ({
  select: sql`select ${ENTRY_COLUMNS} ${where}`,
  add(rows) {
    for (const row of z.array(entryRowSchema).parse(rows)) grouping.addEntry(row);
  },
});

/** Each row: its time, its values of fields that are no attributes, which measures take it, its attributes, and how many are alike. */
const rowSchema = z.object({
  time: z.string(),
  values: z.array(z.string().nullable()),
  tags: z.array(z.string()).nullable(),
  measures: z.array(z.boolean()),
  attributes: z.string().nullable(),
  number: z.string(),
});

function groupedReading(
  { widthMs, fields, places, areApart }: SealedGroups,
  { stats }: Question,
  services: readonly string[],
  grouping: Grouping,
  where: SQL,
): Reading {
  const paths = fields.flatMap((field) => (field.name === "attribute" ? [field.path] : []));
  const time =
    widthMs === null ? sql`'0'` : sql`floor(extract(epoch from timestamp) * 1000 / ${widthMs}::float8::numeric)::text`;
  const values = sql.join(fields.map(columnSql), sql`, `);
  const conditions = sql.join(
    stats.measures.map(({ condition }) => (condition === null ? sql`true` : toSql(condition, services))),
    sql`, `,
  );
  const hasTags = fields.some(({ name }) => name === "tags");
  const columns = sql`${time} as time, array[${values}]::text[] as values, ${hasTags ? sql`tags` : sql`null::text[]`} as tags, array[${conditions}]::boolean[] as measures`;
  const finder = new AttributeFinder(paths);
  const select =
    paths.length > 0
      ? sql`select ${columns}, attributes::text as attributes, '1' as number ${where}`
      : sql`select ${columns}, null as attributes, count(*)::text as number ${where} group by 1, 2, 3, 4`;
  return {
    select,
    add(rows) {
      for (const row of z.array(rowSchema).parse(rows)) {
        const textsOf = (field: Field): readonly string[] => {
          if (field.name === "attribute")
            return row.attributes === null ? [] : finder.textsAt(row.attributes, field.path);
          if (field.name === "tags") return row.tags ?? [];
          const value = row.values[places.get(field) ?? -1] ?? null;
          return value === null ? [] : [value];
        };
        const weight = Number(row.number);
        if (areApart) {
          grouping.entries += weight;
          for (const [measure, field] of [...places.keys()].entries()) {
            grouping.addValues(measure, textsOf(field), weight);
          }
          continue;
        }
        const facts: Facts = {
          micros: widthMs === null ? 0 : Number(row.time) * widthMs * 1_000,
          id: 0n,
          textsOf,
          isOf: (measure) => row.measures[measure] ?? false,
        };
        grouping.add(facts, weight);
      }
    },
  };
}

/** Null of attributes and tags, which come by themselves. */
function columnSql({ name }: Field): SQL {
  switch (name) {
    case "service":
    case "message":
      return sql.raw(name);
    case "level":
    case "pattern":
      return sql.raw(`${name}::text`);
    default:
      return sql`null`;
  }
}
