import { asc, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { savedViews } from "@/db/schema";
import type { SavedView } from "./schemas";
import { viewOf } from "./view-of";

/** All of them, by name. */
export async function listViews({ db }: Context): Promise<SavedView[]> {
  const rows = await db
    .select()
    .from(savedViews)
    .orderBy(asc(sql`lower(${savedViews.name})`), asc(savedViews.id));
  return rows.map(viewOf);
}
