import { type Column, ilike, or, type SQL } from "drizzle-orm";
import { escapeLike } from "./escape-like";

/** Rows that have a text in one of these columns, in any case of letters; undefined: all, as there is nothing to look for. */
export const hasInName = (search: string, ...columns: readonly Column[]): SQL | undefined =>
  search === "" ? undefined : or(...columns.map((column) => ilike(column, `%${escapeLike(search)}%`)));
