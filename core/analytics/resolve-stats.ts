import type { Context, Executor } from "@/core/context";
import type { Field } from "@/core/search/query/query-tree";
import { patternResolver } from "@/core/search/query/resolve-patterns";
import { patternAliases } from "@/db/schema";
import type { Stats } from "./pipe-tree";

/** By the id of a pattern, that of the one as which it counts; of those that stand by themselves there is none. */
export type CanonicalPatterns = ReadonlyMap<string, string>;

/** With the patterns that its conditions name taken for all that count as the same one, as those of the query are. */
export async function resolveConditions(db: Executor, stats: Stats): Promise<Stats> {
  const conditions = stats.measures.flatMap(({ condition }) => condition ?? []);
  const resolve = await patternResolver(db, conditions);
  return {
    ...stats,
    measures: stats.measures.map((measure) => ({
      ...measure,
      condition: measure.condition && resolve(measure.condition),
    })),
  };
}

/** Of all patterns; nothing where none is counted, as nobody looks at them. */
export async function readCanonicalPatterns(db: Context["db"], stats: Stats): Promise<CanonicalPatterns> {
  if (!fieldsOf(stats).some(({ name }) => name === "pattern")) return new Map();
  const { pattern, canonical } = patternAliases;
  const rows = await db.select({ pattern, canonical }).from(patternAliases).orderBy(pattern);
  return new Map(rows.map((row) => [String(row.pattern), String(row.canonical)]));
}

/** That are looked at in entries, beside what conditions look at. */
export const fieldsOf = ({ by, measures }: Stats): Field[] => [
  ...by.flatMap(({ of }) => (of.kind === "field" ? [of.field] : [])),
  ...measures.flatMap(({ call }) => call.field ?? []),
];
