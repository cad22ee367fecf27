import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { dashboards } from "@/db/schema";
import { dashboardOf } from "./dashboard-of";
import { noDashboard } from "./get-dashboard";
import type { Dashboard } from "./schemas";

/** @returns what it was @throws Fault not_found */
export async function removeDashboard({ db }: Context, id: number): Promise<Dashboard> {
  const [row] = await db.delete(dashboards).where(eq(dashboards.id, id)).returning();
  if (!row) throw noDashboard(id);
  return dashboardOf(row);
}
