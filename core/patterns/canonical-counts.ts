import { type SQL, sql } from "drizzle-orm";
import { type CountFilter, countsWithin, PATTERN_COUNTS } from "@/core/stats/rollups";

/** SQL of a subquery like countsWithin's of patterns, with aliases counted as what they are aliases of. */
export const canonicalCounts = (filter: CountFilter): SQL => sql`(
  select bucket, service, level, coalesce(canonical, counts.pattern) as pattern, count, first_seen, last_seen
  from ${countsWithin(PATTERN_COUNTS, filter)} as counts
  left join logs.pattern_aliases as alias on alias.pattern = counts.pattern
)`;
