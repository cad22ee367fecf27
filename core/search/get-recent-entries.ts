import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import type { Entry } from "./schemas";

const rowSchema = z.object({
  id: z.string(),
  timestamp: z.coerce.date(),
  service: z.string(),
  level: z.enum(LEVELS),
  message: z.string(),
  tags: z.array(z.string()).nullable(),
  attributes: z.unknown(),
});

/**
 * The newest entries of a service, newest first. stats_minute says exactly which minutes hold them, so only as many
 * minutes are read as are needed, however many entries are stored (design section 4).
 * @param limit 1 to LIMITS.recentEntries
 */
export async function getRecentEntries({ db }: Context, service: string, limit: number): Promise<Entry[]> {
  const result = await db.execute(recentEntriesQuery(service, limit));
  return z
    .array(rowSchema)
    .parse(result.rows)
    .map((row) => ({ ...row, timestamp: row.timestamp.toISOString() }));
}

/** For a test, which looks at its plan. */
export const recentEntriesQuery = (service: string, limit: number) => sql`
    with minute as (
      select bucket, sum(count) as count from (
        select bucket, count from logs.stats_minute where service = ${service} order by bucket desc limit ${limit * LEVELS.length}
      ) as newest group by bucket
    ), needed as (
      select bucket from (
        select bucket, sum(count) over (order by bucket desc) - count as before from minute
      ) as summed where before < ${limit}
    )
    select found.* from needed cross join lateral (
      select id, timestamp, service, level, message, tags, attributes from logs.logs
      where timestamp >= needed.bucket and timestamp < needed.bucket + interval '1 minute' and service = ${service}
      order by timestamp desc, id desc limit ${limit}
    ) as found
    order by timestamp desc, id desc limit ${limit}`;
