import { and, count, eq, isNotNull } from "drizzle-orm";
import type { Context } from "@/core/context";
import { alertQueries } from "@/db/schema";

/** How many alerts on queries are switched on and not judged, as they have a problem. */
export async function countStoppedAlerts({ db }: Pick<Context, "db">): Promise<number> {
  const isStopped = and(eq(alertQueries.enabled, true), isNotNull(alertQueries.problem));
  const [found] = await db.select({ alerts: count() }).from(alertQueries).where(isStopped);
  return found?.alerts ?? 0;
}
