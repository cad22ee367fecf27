import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { type Fault, notFound } from "@/core/errors";
import { dashboards } from "@/db/schema";
import { dashboardOf } from "./dashboard-of";
import type { Dashboard } from "./schemas";

/** @throws Fault not_found */
export async function getDashboard({ db }: Pick<Context, "db">, id: number): Promise<Dashboard> {
  const [row] = await db.select().from(dashboards).where(eq(dashboards.id, id));
  if (!row) throw noDashboard(id);
  return dashboardOf(row);
}

export const noDashboard = (id: number): Fault => notFound(`there is no dashboard ${id}`);
