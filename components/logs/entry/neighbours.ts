import type { Entry } from "@/core/search/schemas";

/** Where the entry that is open stands in the list: ids of the entries above and below it, and its place, from 1. */
export type Neighbours = { previous: string | null; next: string | null; position: number | null; count: number };

/** Of an entry that is not in the list. */
export const NO_NEIGHBOURS: Neighbours = { previous: null, next: null, position: null, count: 0 };

export function neighboursOf(entries: readonly Pick<Entry, "id">[], id: string | null): Neighbours {
  const index = id === null ? -1 : entries.findIndex((entry) => entry.id === id);
  if (index < 0) return NO_NEIGHBOURS;
  return {
    previous: entries[index - 1]?.id ?? null,
    next: entries[index + 1]?.id ?? null,
    position: index + 1,
    count: entries.length,
  };
}
