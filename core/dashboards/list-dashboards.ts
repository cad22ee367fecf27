import { asc, count, desc, getTableColumns, ilike, or, type SQL, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { escapeLike } from "@/core/escape-like";
import { dashboards } from "@/db/schema";
import { listedDashboardOf } from "./dashboard-of";
import type { DASHBOARD_ORDERS, DashboardList } from "./schemas";

export type DashboardsAsked = {
  /** Part of the name or the description, in any case of letters; empty: all. */
  search: string;
  sort: (typeof DASHBOARD_ORDERS)[number];
  limit: number;
  offset: number;
};

const ORDERS: Readonly<Record<DashboardsAsked["sort"], SQL[]>> = {
  name: [asc(sql`lower(${dashboards.name})`), asc(dashboards.id)],
  updated: [desc(dashboards.updatedAt), desc(dashboards.id)],
};

/** A page of them, and how many match. */
export async function listDashboards({ db }: Context, asked: DashboardsAsked): Promise<DashboardList> {
  const { search, sort, limit, offset } = asked;
  const like = `%${escapeLike(search)}%`;
  const matching = search === "" ? undefined : or(ilike(dashboards.name, like), ilike(dashboards.description, like));
  const { definition, ...columns } = getTableColumns(dashboards);
  const rows = await db
    .select({ ...columns, panels: sql<number>`json_array_length(${definition} -> 'panels')` })
    .from(dashboards)
    .where(matching)
    .orderBy(...ORDERS[sort])
    .limit(limit)
    .offset(offset);
  const [found] = await db.select({ total: count() }).from(dashboards).where(matching);
  return { total: found?.total ?? 0, dashboards: rows.map(listedDashboardOf) };
}
