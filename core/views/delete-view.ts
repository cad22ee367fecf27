import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { savedViews } from "@/db/schema";
import type { SavedView } from "./schemas";
import { viewOf } from "./view-of";

/** @returns what it was @throws Fault not_found */
export async function deleteView({ db }: Context, id: number): Promise<SavedView> {
  const [row] = await db.delete(savedViews).where(eq(savedViews.id, id)).returning();
  if (!row) throw notFound(`there is no view ${id}`);
  return viewOf(row);
}
