import { sql } from "drizzle-orm";
import { transactionOf } from "@/core/ingest/entry-id";
import { readRows, type WrittenRows } from "@/core/ingest/read-rows";
import { LIMITS } from "@/core/limits";
import type { EntryRow } from "@/core/search/entry-row";
import { EVERYTHING } from "@/core/search/query/query-tree";
import { sealedScopeOf } from "@/core/search/sealed";
import type { EntriesContext } from "@/core/segments/segments";
import type { Commit } from "./commits";
import { readEntries } from "./read-entries";
import type { RecentRows } from "./recent-rows";

/** What tails ask of the database: their queries are held against entries in memory. */
const EVERYTHING_ELSE = { condition: sql`true`, sealed: sealedScopeOf(EVERYTHING, undefined), after: "-1" };

/**
 * @param unread entries that could not be read in time, anywhere among the others
 * @param unseen entries behind the last one
 */
export type Collected = { rows: EntryRow[]; unread: number; unseen: number };

/**
 * The entries of commits in the order of their ids, from memory or from the database, up to the first that is more than
 * `most`: behind it there is none, because who breaks off at an entry counts as having got all before it.
 */
export async function collectEntries(
  context: EntriesContext & { recent: RecentRows },
  commits: readonly Commit[],
  most: number,
): Promise<Collected> {
  // Held, because memory may let them go while others are read.
  const sources = commits.map((commit) => ({ commit, blocks: context.recent.get(commit.transaction) }));
  const elsewhere = sources.flatMap(({ commit, blocks }) => (blocks ? [] : [commit]));
  const read = await readEntries(context, elsewhere, EVERYTHING_ELSE, { entries: most, bytes: LIMITS.tailReadBytes });
  const rows: EntryRow[] = [];
  let unread = 0;
  let next = 0;
  for (const { commit, blocks } of sources) {
    if (blocks) takeRows(blocks, rows, most);
    else if (read === null) unread += commit.rows;
    else {
      for (; rows.length < most; next++) {
        const row = read.rows[next];
        if (!row || transactionOf(row.id) !== commit.transaction) break;
        rows.push(row);
      }
      if (next === read.rows.length && !read.isWhole) break;
    }
    if (rows.length >= most) break;
  }
  const committed = commits.reduce((sum, { rows: count }) => sum + count, 0);
  return { rows, unread, unseen: committed - unread - rows.length };
}

/** Decodes no more than is wanted: a transaction may hold many times that. */
function takeRows(blocks: readonly WrittenRows[], rows: EntryRow[], most: number): void {
  for (const block of blocks) {
    for (const row of readRows(block)) {
      if (rows.length >= most) return;
      rows.push(row);
    }
  }
}
