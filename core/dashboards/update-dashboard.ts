import { and, eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { conflict } from "@/core/errors";
import { dashboards } from "@/db/schema";
import { checkQueries } from "./check-queries";
import { dashboardOf } from "./dashboard-of";
import { getDashboard } from "./get-dashboard";
import type { Dashboard, DashboardChange } from "./schemas";

/**
 * Replaces a dashboard, if it still is as it was when the change began.
 * @throws Fault not_found, conflict when somebody else has changed it since, invalid for a query that is none
 */
export async function updateDashboard(
  { db, clock }: Context,
  id: number,
  { revision, ...input }: DashboardChange,
): Promise<Dashboard> {
  checkQueries(input.definition);
  const [row] = await db
    .update(dashboards)
    .set({ ...input, revision: revision + 1, updatedAt: clock.now() })
    .where(and(eq(dashboards.id, id), eq(dashboards.revision, revision)))
    .returning();
  if (row) return dashboardOf(row);
  const current = await getDashboard({ db }, id);
  throw conflict(
    `the dashboard was changed meanwhile: it is at revision ${current.revision}, your change is of ${revision}`,
  );
}
