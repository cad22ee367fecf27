import type { Context } from "@/core/context";
import { savedViews } from "@/db/schema";
import type { SavedView, ViewInput } from "./schemas";
import { storeView } from "./store-view";
import { rowOf, viewOf } from "./view-of";

/** @throws Fault invalid for a query that is none, conflict when another view has the name */
export async function createView({ db, clock }: Context, input: ViewInput): Promise<SavedView> {
  const now = clock.now();
  const row = await storeView(clock, input, () =>
    db
      .insert(savedViews)
      .values({ ...rowOf(input), createdAt: now, updatedAt: now })
      .returning(),
  );
  if (!row) throw new Error("the view was not stored");
  return viewOf(row);
}
