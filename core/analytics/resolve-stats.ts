import type { Context } from "@/core/context";
import type { Field } from "@/core/search/query/query-tree";
import { patternResolver } from "@/core/search/query/resolve-patterns";
import { patternAliases } from "@/db/schema";
import type { Stats } from "./pipe-tree";
import type { StatsAsked } from "./stats-asked";

/** By the id of a pattern, that of the one as which it counts; of those that stand by themselves there is none. */
export type CanonicalPatterns = ReadonlyMap<string, string>;

/** With the patterns that the query and the conditions of measures name taken for all that count as the same one. */
export async function resolveAsked({ db }: Pick<Context, "db">, asked: StatsAsked): Promise<StatsAsked> {
  const { query, pipeline } = asked;
  const conditions = pipeline.stats.measures.flatMap(({ condition }) => condition ?? []);
  const resolve = await patternResolver(db, [query, ...conditions]);
  const measures = pipeline.stats.measures.map((measure) => ({
    ...measure,
    condition: measure.condition && resolve(measure.condition),
  }));
  return { ...asked, query: resolve(query), pipeline: { ...pipeline, stats: { ...pipeline.stats, measures } } };
}

/** Of all patterns; nothing where none of the fields is the pattern, as nobody looks at them. */
export async function readCanonicalPatterns(
  { db }: Pick<Context, "db">,
  fields: readonly Field[],
): Promise<CanonicalPatterns> {
  if (!fields.some(({ name }) => name === "pattern")) return new Map();
  const { pattern, canonical } = patternAliases;
  const rows = await db.select({ pattern, canonical }).from(patternAliases).orderBy(pattern);
  return new Map(rows.map((row) => [String(row.pattern), String(row.canonical)]));
}

/** That are looked at in entries, beside what conditions look at. */
export const fieldsOf = ({ by, measures }: Stats): Field[] => [
  ...by.flatMap(({ of }) => (of.kind === "field" ? [of.field] : [])),
  ...measures.flatMap(({ call }) => call.field ?? []),
];
