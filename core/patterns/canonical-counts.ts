import { type SQL, sql } from "drizzle-orm";
import { type CountFilter, patternCountsWithin } from "@/core/stats/rollups";

/** SQL of a subquery like patternCountsWithin's, with aliases counted as what they are aliases of. */
export const canonicalCounts = (filter: CountFilter): SQL => sql`(
  select bucket, service, level, coalesce(canonical, counts.pattern) as pattern, count, first_seen, last_seen
  from ${patternCountsWithin(filter)} as counts
  left join logs.pattern_aliases as alias on alias.pattern = counts.pattern
)`;

/** SQL of an array with a pattern and all that count as it; in this form an index can be asked for them. */
export const membersOf = (pattern: SQL): SQL =>
  sql`array(select ${pattern} union all select member.pattern from logs.pattern_aliases as member where member.canonical = ${pattern})`;

/** SQL of the time since when there is a pattern, in one service or in any; null for OTHER_PATTERN. */
export const firstSeenEver = (pattern: SQL, service?: SQL): SQL => sql`(
  select min(sighting.first_seen) from logs.pattern_services as sighting
  where sighting.pattern = any(${membersOf(pattern)}) ${service ? sql`and sighting.service = ${service}` : sql``})`;
