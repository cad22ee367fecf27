import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { noCounts } from "./level-counts";
import { countsWithin, ENTRY_COUNTS } from "./rollups";
import type { CountByLevel } from "./schemas";
import type { Window } from "./time-range";

const rowSchema = z.object({ service: z.string(), level: z.enum(LEVELS).nullable(), count: z.number().nullable() });

/**
 * Counts by level within the window for every service ever seen, silent ones with zeros, in the order of their names.
 * @param service only this one; the map is empty when it was never seen
 */
export async function countServices(
  db: Context["db"],
  window: Window,
  service?: string,
): Promise<Map<string, CountByLevel>> {
  const counts = countsWithin(ENTRY_COUNTS, { window, service, coarsest: "day" });
  const result = await db.execute(sql`
    select services.name as service, counted.level, counted.count
    from logs.services as services
    left join (
      select service, level, sum(count)::float8 as count from ${counts} as counts group by service, level
    ) as counted on counted.service = services.name
    ${service === undefined ? sql`` : sql`where services.name = ${service}`}
    order by services.name`);
  const services = new Map<string, CountByLevel>();
  for (const row of z.array(rowSchema).parse(result.rows)) {
    const ofService = services.get(row.service) ?? noCounts();
    if (row.level) ofService[row.level] = row.count ?? 0;
    services.set(row.service, ofService);
  }
  return services;
}
