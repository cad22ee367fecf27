import type { EntryRows } from "@/components/api/use-search";
import type { Entry } from "@/core/search/schemas";

/** A list that is in memory as a whole. */
export const entryRows = (entries: readonly Entry[]): EntryRows => ({
  count: entries.length,
  at: (row) => entries[row],
  indexOf: (id) => entries.findIndex((entry) => entry.id === id),
});
