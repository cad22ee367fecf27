import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { savedViews } from "@/db/schema";
import type { SavedView, ViewInput } from "./schemas";
import { storeView } from "./store-view";
import { rowOf, viewOf } from "./view-of";

/** Replaces a view. @throws Fault not_found, invalid for a query that is none, conflict when another view has the name */
export async function updateView({ db, clock }: Context, id: number, input: ViewInput): Promise<SavedView> {
  const change = { ...rowOf(input), updatedAt: clock.now() };
  const row = await storeView(clock, input, () =>
    db.update(savedViews).set(change).where(eq(savedViews.id, id)).returning(),
  );
  if (!row) throw notFound(`there is no view ${id}`);
  return viewOf(row);
}
