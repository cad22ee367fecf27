import type { EntryRows } from "@/components/api/use-search";

/** Where the entry that is open stands in the list: ids of the entries above and below it, and its place, from 1. */
export type Neighbours = { previous: string | null; next: string | null; position: number | null; count: number };

/** Of an entry that is not in the list. */
export const NO_NEIGHBOURS: Neighbours = { previous: null, next: null, position: null, count: 0 };

/** @param total entries of the whole list, null when nobody knows */
export function neighboursOf(rows: EntryRows, id: string | null, total: number | null): Neighbours {
  const index = id === null ? -1 : rows.indexOf(id);
  if (index < 0) return NO_NEIGHBOURS;
  return {
    previous: rows.at(index - 1)?.id ?? null,
    next: rows.at(index + 1)?.id ?? null,
    position: index + 1,
    count: Math.max(total ?? 0, rows.count),
  };
}
