import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { noCounts } from "./level-counts";
import { countsWithin } from "./rollups";
import type { CountByLevel } from "./schemas";
import type { Window } from "./time-range";

const rowSchema = z.object({ level: z.enum(LEVELS).nullable(), count: z.number().nullable() });

/** Counts by level within the window, zeros for a silent one; null for one that was never seen. */
export async function countService(db: Context["db"], window: Window, service: string): Promise<CountByLevel | null> {
  const counts = countsWithin({ window, service, coarsest: "day" });
  const result = await db.execute(sql`
    select counted.level, counted.count
    from logs.services as services
    left join (
      select service, level, sum(count)::float8 as count from ${counts} as counts group by service, level
    ) as counted on counted.service = services.name
    where services.name = ${service}`);
  const rows = z.array(rowSchema).parse(result.rows);
  if (rows.length === 0) return null;
  const found = noCounts();
  for (const { level, count } of rows) if (level) found[level] = count ?? 0;
  return found;
}
