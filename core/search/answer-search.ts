import { isFault } from "@/core/errors";
import type { EntriesContext } from "@/core/segments/segments";
import { type AskedSearch, explainNothing } from "./explain-nothing";
import type { NothingFound, SearchAnswer } from "./schemas";
import { type Search, searchLogs } from "./search-logs";

/**
 * A page of what is found, and how the query was read. When there is nothing at all, why.
 * @param explains false: nothing is looked for beyond what was asked
 */
export async function answerSearch(
  context: EntriesContext,
  search: Search & AskedSearch,
  explains: boolean,
): Promise<SearchAnswer> {
  const found = await searchLogs(context, search);
  const { query, readings } = search.asked;
  const isAll = !found.timed_out && found.complete && search.cursor === undefined;
  const isNothing = found.entries.length === 0 && isAll;
  return {
    ...found,
    query,
    readings,
    nothing_found: isNothing && explains ? await tryToExplain(context, search) : null,
  };
}

/** Null where that can't be told just now: that nothing was found is an answer all the same. */
async function tryToExplain(context: EntriesContext, search: AskedSearch): Promise<NothingFound | null> {
  try {
    return await explainNothing(context, search);
  } catch (error) {
    if (isFault(error) && (error.kind === "invalid" || error.kind === "too_busy")) return null;
    throw error;
  }
}
