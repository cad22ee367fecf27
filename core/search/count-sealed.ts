import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { LEVELS, type Level } from "@/core/levels";
import { readChunk, readEntries } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import { foldEntry } from "./query/to-predicate";
import { chunksOf, type SealedSearch } from "./sealed";

/** How many entries of a level a bar has; `bucket` is its begin. */
export type CountedBar = { bucket: Date; level: Level; count: number };

const countedSchema = z
  .object({ bucket: z.bigint(), level: z.enum(LEVELS), count: z.bigint() })
  .transform(({ bucket, level, count }) => ({ bucket: new Date(Number(bucket)), level, count: Number(count) }));

/** Counts what a query selects of segments, by bar of `step` ms and level. */
export async function countSealed(
  context: EntriesContext,
  search: Pick<SealedSearch, "segments" | "scope" | "span" | "missing" | "signal">,
  step: number,
): Promise<CountedBar[]> {
  const { condition, matches } = search.scope;
  const { missing, signal } = search;
  const bars: CountedBar[] = [];
  for await (const chunk of chunksOf(context, { ...search, order: "newest first" })) {
    if (matches) {
      const asked = { condition, order: null, limit: null, missing, signal };
      for await (const rows of readEntries(context, chunk, asked)) {
        for (const row of rows) {
          if (!matches(foldEntry(row))) continue;
          const ms = Math.floor(Number(row.micros) / 1_000);
          bars.push({ bucket: new Date(ms - (ms % step)), level: row.level, count: 1 });
        }
      }
      continue;
    }
    const queryOf = (source: SQL) => sql`
      select (epoch_us("timestamp") // ${step * 1_000}::bigint) * ${step}::bigint as bucket, level, count(*) as count
      from ${source} as entry where ${condition} group by all`;
    for await (const rows of readChunk(context, chunk, { queryOf, row: countedSchema, missing, signal }))
      bars.push(...rows);
  }
  return bars;
}
