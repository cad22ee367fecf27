import { conflict } from "@/core/errors";
import { parseQuery } from "@/core/search/query/parse";
import { sqlStateOf } from "@/core/sql-state";
import type { savedViews } from "@/db/schema";
import type { ViewInput } from "./schemas";

const UNIQUE_VIOLATION = "23505";

type Row = typeof savedViews.$inferSelect;

/**
 * What storing a new and a changed view have in common.
 * @throws Fault invalid for a query that is none, conflict when another view has the name
 */
export async function storeView(input: ViewInput, store: () => Promise<Row[]>): Promise<Row | undefined> {
  parseQuery(input.query);
  try {
    return (await store())[0];
  } catch (error) {
    if (sqlStateOf(error) === UNIQUE_VIOLATION) {
      throw conflict(`there is a view named "${input.name}" already`);
    }
    throw error;
  }
}
