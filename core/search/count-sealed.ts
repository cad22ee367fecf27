import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { LEVELS, type Level } from "@/core/levels";
import type { Segment } from "@/core/segments/catalogue";
import { readChunk, readEntries } from "@/core/segments/read/read-entries";
import type { EntriesContext } from "@/core/segments/segments";
import { foldEntry } from "./query/to-predicate";
import { chunksOf, isExactFor, type SealedSearch, segmentsOf } from "./sealed";

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
  const { scope, missing, signal } = search;
  const conditionOf = (segment: Segment) => scope.conditionOf(segment).condition;
  const bars: CountedBar[] = [];
  for await (const chunk of chunksOf(context, { ...search, order: "newest first" })) {
    if (!isExactFor(scope, segmentsOf(chunk))) {
      const asked = { conditionOf, order: null, limit: null, missing, signal };
      for await (const rows of readEntries(context, chunk, asked)) {
        for (const row of rows) {
          if (!scope.matches(foldEntry(row))) continue;
          const ms = Math.floor(Number(row.micros) / 1_000);
          bars.push({ bucket: new Date(ms - (ms % step)), level: row.level, count: 1 });
        }
      }
      continue;
    }
    const queryOf = (entries: SQL) => sql`
      select (epoch_us("timestamp") // ${step * 1_000}::bigint) * ${step}::bigint as bucket, level, count(*) as count
      from ${entries} as entry group by all`;
    const asked = {
      columnsOf: () => sql`"timestamp", level`,
      conditionOf,
      queryOf,
      row: countedSchema,
      missing,
      signal,
    };
    for await (const rows of readChunk(context, chunk, asked)) bars.push(...rows);
  }
  return bars;
}
