import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { latestCandidate, restriction } from "../find-minutes";
import type { Required } from "../query/required";

/** So many entries are sorted at once: enough to make windows few, few enough to need no more than PostgreSQL's own memory. */
const MOST_CANDIDATES = 100_000;

export type ExportWindow = { start: Date; end: Date };

/**
 * The latest time from `from` to before `to` that holds matches, in whole minutes, at most a day long: with no more
 * entries that can match than are sorted at once, or one minute. Null when nothing is left.
 */
export async function findWindow(db: Executor, required: Required, from: Date, to: Date): Promise<ExportWindow | null> {
  const latest = await latestCandidate(db, required, from, to);
  if (!latest) return null;
  const end = new Date(Math.min(to.getTime(), addMs(latest, MINUTE_MS).getTime()));
  const earliest = new Date(Math.max(floorTo(from, MINUTE_MS).getTime(), addMs(latest, -DAY_MS).getTime()));
  const result = await db.execute(sql`
    select min(bucket) as bucket from (
      select bucket, sum(sum(count)) over (order by bucket desc) as total from logs.stats_minute
      where bucket >= ${earliest}::timestamptz and bucket < ${end}::timestamptz ${restriction(required)} group by bucket
    ) as counted where total <= ${MOST_CANDIDATES}`);
  const [{ bucket }] = z.tuple([z.object({ bucket: z.coerce.date().nullable() })]).parse(result.rows);
  return { start: new Date(Math.max(from.getTime(), (bucket ?? latest).getTime())), end };
}
