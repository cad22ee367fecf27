import { asc, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { savedViews } from "@/db/schema";
import type { SavedView } from "./schemas";
import { viewOf } from "./view-of";

/** By name: up to LIMITS.listedViews, and one more where there are more. */
export async function listViews({ db }: Context): Promise<SavedView[]> {
  const rows = await db
    .select()
    .from(savedViews)
    .orderBy(asc(sql`lower(${savedViews.name})`), asc(savedViews.id))
    .limit(LIMITS.listedViews + 1);
  return rows.map(viewOf);
}
