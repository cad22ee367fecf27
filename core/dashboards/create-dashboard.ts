import type { Context } from "@/core/context";
import { dashboards } from "@/db/schema";
import { checkQueries } from "./check-queries";
import { dashboardOf } from "./dashboard-of";
import type { Dashboard, DashboardInput } from "./schemas";

/** @throws Fault invalid for a query that is none */
export async function createDashboard({ db, clock }: Context, input: DashboardInput): Promise<Dashboard> {
  checkQueries(input.definition);
  const now = clock.now();
  const [row] = await db
    .insert(dashboards)
    .values({ ...input, createdAt: now, updatedAt: now })
    .returning();
  if (!row) throw new Error("the dashboard was not stored");
  return dashboardOf(row);
}
