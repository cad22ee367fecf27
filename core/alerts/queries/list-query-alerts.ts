import { asc } from "drizzle-orm";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { alertQueries } from "@/db/schema";
import { queryAlertsOf } from "./query-alerts-of";
import type { QueryAlert } from "./schemas";

/** By name; searched by name and query. */
export async function listQueryAlerts(
  { db }: Context,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<QueryAlert>> {
  const matching = hasInName(search, alertQueries.name, alertQueries.query);
  const rows = await db
    .select()
    .from(alertQueries)
    .where(matching)
    .orderBy(asc(alertQueries.name))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(alertQueries, matching), data: await queryAlertsOf({ db }, rows) };
}
