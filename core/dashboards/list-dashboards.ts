import { asc, desc, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { SearchedPage } from "@/core/page";
import { dashboards } from "@/db/schema";
import { listedDashboardOf } from "./dashboard-of";
import type { DASHBOARD_ORDERS, DashboardList } from "./schemas";

/** Searched by name and description. */
export type DashboardsAsked = SearchedPage & { sort: (typeof DASHBOARD_ORDERS)[number] };

const ORDERS: Readonly<Record<DashboardsAsked["sort"], SQL[]>> = {
  name: [asc(sql`lower(${dashboards.name})`), asc(dashboards.id)],
  updated: [desc(dashboards.updatedAt), desc(dashboards.id)],
};

/** A page of them, and how many match. */
export async function listDashboards({ db }: Context, asked: DashboardsAsked): Promise<DashboardList> {
  const { search, sort, limit, offset } = asked;
  const matching = hasInName(search, dashboards.name, dashboards.description);
  const { definition, ...columns } = getTableColumns(dashboards);
  const rows = await db
    .select({ ...columns, panels: sql<number>`json_array_length(${definition} -> 'panels')` })
    .from(dashboards)
    .where(matching)
    .orderBy(...ORDERS[sort])
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(dashboards, matching), dashboards: rows.map(listedDashboardOf) };
}
