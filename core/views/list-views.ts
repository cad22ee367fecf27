import { asc, desc, eq, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { savedViews } from "@/db/schema";
import type { SavedView } from "./schemas";
import { viewOf } from "./view-of";

/** By name; searched by name and query, where the one that is called just so comes first. */
export async function listViews({ db }: Context, { search, limit, offset }: SearchedPage): Promise<Paged<SavedView>> {
  const matching = hasInName(search, savedViews.name, savedViews.query);
  const rows = await db
    .select()
    .from(savedViews)
    .where(matching)
    .orderBy(desc(eq(savedViews.name, search)), asc(sql`lower(${savedViews.name})`), asc(savedViews.id))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(savedViews, matching), data: rows.map(viewOf) };
}
