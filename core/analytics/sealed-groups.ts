import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Field } from "@/core/search/query/query-tree";
import { isExactFor, type SealedScope, sealedScopeOf, segmentsOf } from "@/core/search/sealed";
import type { Segment } from "@/core/segments/catalogue";
import { joinedColumns, valuesOfJoined } from "@/core/segments/duck";
import type { Missing } from "@/core/segments/read/missing";
import type { Chunk } from "@/core/segments/read/plan-chunks";
import { readChunk } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import { DIGEST_BYTES } from "./digest-set";
import type { Facts, Grouping } from "./group-entries";
import type { Stats } from "./pipe-tree";
import { type Question, widthOf } from "./question";
import { fieldsOf } from "./resolve-stats";
import { IN_JSON, isInJson, plainTextSql, rawSql, textsOfValue, valueSql } from "./sealed-values";

/** What tells entries of a file apart, for groups that need nothing else of them. */
export type SealedGroups = {
  /** Of the times that are alike; null: all are. */
  widthMs: number | null;
  fields: readonly Field[];
  /** Of each field that is asked for, in that order, where it is among the fields: two may be the same. */
  places: ReadonlyMap<Field, number>;
  /** By the place of the measure; null where it takes all. */
  conditions: readonly (SealedScope | null)[];
  /** The values of each field are counted by themselves, for the measure of each: nothing else is asked for. */
  areApart: boolean;
  /** By the place of the field, the only texts whose number is asked for; null: all are. */
  among: readonly (readonly string[] | null)[];
  /** Places of the fields whose values are told apart and nothing else, so that digests of them do (DigestSet). */
  digested: readonly number[];
};

/**
 * What a file must be asked by, so that entries that are alike come as one with their number.
 * @returns null where the groups need what each entry has by itself: its place in time
 */
export function sealedGroupsOf(question: Question): SealedGroups | null {
  const { stats } = question;
  if (stats.measures.some(({ call }) => call.kind === "first" || call.kind === "last")) return null;
  const asked = fieldsOf(stats);
  if (asked.some(({ name }) => name === "timestamp")) return null;
  const fields = new Map(asked.map((field) => [keyOf(field), field]));
  const names = [...fields.keys()];
  return {
    widthMs: widthOf(question),
    fields: [...fields.values()],
    places: new Map(asked.map((field) => [field, names.indexOf(keyOf(field))])),
    conditions: stats.measures.map(({ condition }) => condition && sealedScopeOf(condition, undefined)),
    areApart: stats.measures.length > 0 && stats.measures.every(({ call }) => call.kind === "texts"),
    among: [...fields.values()].map((field) => amongOf(field, stats)),
    digested: [...fields.values()].flatMap((field, place) => (isDigested(field, stats) ? [place] : [])),
  };
}

/** Of fields that hardly have as many values as there are entries, the values come by themselves. */
function isDigested(field: Field, { by, measures }: Stats): boolean {
  return (
    (field.name === "attribute" || field.name === "message") &&
    !by.some(({ of }) => of.kind === "field" && isSame(of.field, field)) &&
    measures.every(({ call }) => call.kind === "count_distinct" || !isSame(call.field, field))
  );
}

function amongOf(field: Field, { measures }: Stats): string[] | null {
  const texts: string[] = [];
  for (const { call } of measures) {
    if (!isSame(call.field, field)) continue;
    if (call.kind !== "texts" || call.among === undefined) return null;
    texts.push(...call.among);
  }
  return texts.length > 0 ? texts : null;
}

const isSame = (one: Field | null, other: Field) => one !== null && keyOf(one) === keyOf(other);

const keyOf = (field: Field) => (field.name === "attribute" ? `attribute ${field.path.join(".")}` : field.name);

/** Whether files can tell exactly what a query and the conditions of its measures select of these segments. */
export const canTell = ({ conditions }: SealedGroups, scope: SealedScope, segments: readonly Segment[]): boolean =>
  [scope, ...conditions].every((one) => one === null || isExactFor(one, segments));

type Asked = {
  groups: SealedGroups;
  scope: SealedScope;
  missing: Missing;
  signal: AbortSignal;
};

/**
 * Puts the entries of a chunk into groups, those that are alike at once. Of attributes without a column the JSON text comes with those
 * entries whose value is not certain, each of which comes by itself then.
 */
export async function groupSealed(
  context: EntriesContext,
  chunk: Chunk,
  { groups, scope, missing, signal }: Asked,
  groupingOf: (segment: Segment) => Grouping,
): Promise<void> {
  const segments = segmentsOf(chunk);
  const places = new Map(segments.map((segment, place) => [segment, place]));
  const hasJson = segments.some((segment) => groups.fields.some((field) => isInJson(field, segment)));
  const asked = {
    columnsOf: (segment: Segment) =>
      sql`${sql.raw(String(places.get(segment)))} as segment, ${columnsSql(groups, segment, hasJson)}`,
    conditionOf: (segment: Segment) => scope.conditionOf(segment).condition,
    queryOf: (entries: SQL) => (groups.areApart ? apartSql : togetherSql)(groups, valuesSql(groups, entries, hasJson)),
    row: rowSchema,
    missing,
    signal,
  };
  for await (const rows of readChunk(context, chunk, asked)) {
    for (const { entry } of rows) {
      const segment = segments[Number(entry[0])];
      if (!segment) throw new Error("a group is of no segment that was asked");
      (groups.areApart ? addApart : addTogether)(groups, groupingOf(segment), entry);
    }
  }
}

const rawName = (_: unknown, place: number) => `raw${place}`;
const fieldName = (_: unknown, place: number) => `field${place}`;
const conditionName = (_: unknown, place: number) => `is${place}`;

const rowSchema = z.object({ entry: z.string().transform(valuesOfJoined) });

/** What is read of an entry: its time, what the file has of each field, and which measures take it. */
function columnsSql({ widthMs, fields, conditions }: SealedGroups, segment: Segment, hasJson: boolean): SQL {
  const time = widthMs === null ? sql`0::bigint` : sql.raw(`floor(epoch_us("timestamp") / ${widthMs * 1_000})::bigint`);
  const columns = [
    sql`${time} as time`,
    ...fields.map((field, place) => sql`${rawSql(field, segment)} as ${sql.raw(rawName(field, place))}`),
    ...conditions.map(
      (condition, place) =>
        sql`${condition ? sql`(${condition.conditionOf(segment).condition})` : sql`true`} as ${sql.raw(conditionName(condition, place))}`,
    ),
    hasJson ? sql`attributes` : sql`'' as attributes`,
  ];
  return sql.join(columns, sql`, `);
}

/** The same with the value of each field, and the JSON text where one of them is not certain. */
function valuesSql({ fields, conditions }: SealedGroups, entries: SQL, hasJson: boolean): SQL {
  const values = fields.map(
    (field, place) =>
      sql`${hasJson ? valueSql(field, rawName(field, place)) : sql.raw(rawName(field, place))} as ${sql.raw(fieldName(field, place))}`,
  );
  const read = sql.join(
    [
      sql`segment`,
      sql`time`,
      ...values,
      ...conditions.map((one, place) => sql.raw(conditionName(one, place))),
      sql`attributes`,
    ],
    sql`, `,
  );
  const isUncertain = fields.map((field, place) => sql`${sql.raw(fieldName(field, place))} = ${IN_JSON}`);
  const json =
    hasJson && fields.length > 0
      ? sql`case when ${sql.join(isUncertain, sql` or `)} then coalesce(attributes, '') else '' end`
      : sql`''`;
  return sql`(select * exclude (attributes), ${json} as json from (select ${read} from ${entries} as entry) as read)`;
}

/** Of a digest, as DuckDB writes it. */
const DIGEST_HEX = 2 * DIGEST_BYTES;
/** Stands for a value whose digest is among those of the group. */
const DIGESTED = "~";
const digestName = (_: unknown, place: number) => `digest${place}`;

function togetherSql({ fields, conditions, digested }: SealedGroups, values: SQL): SQL {
  const apart = ["segment", "time", ...fields.map(fieldName), ...conditions.map(conditionName), "json"].join(", ");
  const grouped = sql`(select *, count(*) as number from ${values} as entry group by all)`;
  if (digested.length === 0)
    return sql`select ${joinedColumns(`${apart}, number`)} as entry from ${grouped} as grouped`;
  const names = digested.map((place) => ({ field: fieldName(null, place), digest: digestName(null, place) }));
  const digests = names.map(
    ({ field, digest }) => sql`left(sha1(${plainTextSql(field)}), ${DIGEST_HEX}::int) as ${sql.raw(digest)}`,
  );
  const replaced = names.map(
    ({ field, digest }) =>
      sql`case when ${sql.raw(digest)} is null then ${sql.raw(field)} else ${DIGESTED} end as ${sql.raw(field)}`,
  );
  const joined = names
    .map(
      ({ digest }) => `coalesce(array_to_string(list(${digest}) filter (${digest} is not null), ''), '') as ${digest}`,
    )
    .join(", ");
  return sql`
    select ${joinedColumns([apart, "number", ...names.map(({ digest }) => digest)].join(", "))} as entry
    from (
      select ${sql.raw(apart)}, sum(number) as number, ${sql.raw(joined)}
      from (
        select * replace (${sql.join(replaced, sql`, `)})
        from (select *, ${sql.join(digests, sql`, `)} from ${grouped} as grouped) as digested
      ) as told group by ${sql.raw(apart)}
    ) as summed`;
}

function addTogether(
  { fields, conditions, places, widthMs, digested }: SealedGroups,
  grouping: Grouping,
  values: readonly string[],
): void {
  const end = 2 + fields.length + conditions.length;
  const json = values[end] ?? "";
  const digests = values.slice(end + 2);
  const digestsOf = (field: Field) => {
    const text = digests[digested.indexOf(places.get(field) ?? -1)];
    return text === undefined ? null : Buffer.from(text, "hex");
  };
  const facts: Facts = {
    micros: widthMs === null ? 0 : Number(values[1]) * widthMs * 1_000,
    id: 0n,
    textsOf(field) {
      const value = values[2 + (places.get(field) ?? -1)] ?? "";
      return value === DIGESTED ? [] : textsOfValue(field, value, json);
    },
    ...(digests.length > 0 && { digestsOf }),
    isOf: (measure) => values[2 + fields.length + measure] === "true",
  };
  grouping.add(facts, Number(values[end + 1]));
}

/** How often each value of each field came, in one go over the entries; and the JSON texts, with which fields are uncertain in them. */
function apartSql({ fields, among }: SealedGroups, values: SQL): SQL {
  const names = fields.map(fieldName);
  const wanted = names.flatMap((name, place) => {
    const texts = among[place];
    return texts ? [sql`${wantedSql(name, texts)} as ${sql.raw(name)}`] : [];
  });
  const entries =
    wanted.length === 0 ? values : sql`(select * replace (${sql.join(wanted, sql`, `)}) from ${values} as entry)`;
  const which = names.map((name, place) => `when grouping(${name}) = 0 then ${place}`).join(" ");
  const uncertain = names.map((name) => `case when ${name} = '${IN_JSON}' then '1' else '0' end`).join(" || ");
  const sets = [...names.map((name) => `(segment, ${name})`), "(segment, uncertain, json)"].join(", ");
  return sql`
    select ${joinedColumns("segment, which, uncertain, value, number")} as entry
    from (
      select segment, case ${sql.raw(which)} else ${names.length} end as which, coalesce(uncertain, '') as uncertain,
        coalesce(${sql.raw([...names, "json"].join(", "))}) as value, count(*) as number
      from (select *, ${sql.raw(uncertain)} as uncertain from ${entries} as entry) as entry
      group by grouping sets (${sql.raw(sets)})
    ) as grouped`;
}

/** A value, or nothing in place of one that is certain to be none of some texts. */
function wantedSql(name: string, texts: readonly string[]): SQL {
  const listed = texts.map((one) => sql`${one}`);
  const isListed = sql`${plainTextSql(name)} in (${sql.join(listed, sql`, `)})`;
  // Null where the text is not certain.
  return sql`case when coalesce(${isListed}, true) then ${sql.raw(name)} else '' end`;
}

function addApart({ fields, places }: SealedGroups, grouping: Grouping, values: readonly string[]): void {
  const [place, uncertain, value, number] = [Number(values[1]), values[2] ?? "", values[3] ?? "", Number(values[4])];
  const addAt = (at: number, texts: readonly string[]) => {
    for (const [measure, its] of [...places.values()].entries()) {
      if (its === at) grouping.addValues(measure, texts, number);
    }
  };
  const field = fields[place];
  if (field) {
    addAt(place, textsOfValue(field, value, ""));
    return;
  }
  // Each entry is in one of the sets of JSON texts, most of them in that of none.
  grouping.entries += number;
  for (const [at, one] of fields.entries()) {
    if (uncertain[at] === "1") addAt(at, textsOfValue(one, IN_JSON, value));
  }
}
