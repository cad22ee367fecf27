import { sql } from "drizzle-orm";
import { z } from "zod";
import { generate } from "@/core/generate";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { scopeOf } from "@/core/search/scope";
import { chunksOf, readFound } from "@/core/search/sealed";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import type { Grouping } from "./group-entries";
import { groupSealed, sealedGroupsOf } from "./sealed-groups";
import type { StatsAsked } from "./stats-asked";

/** Entries that are fetched at once. */
const FETCHED = 1_000;

/**
 * Puts the entries that are asked for into their groups: those in the database one by one, and of what is sealed those that are alike
 * at once, where the files can tell. One snapshot says which are where, so that each counts once.
 * @returns how many there are
 */
export async function readGroups(
  context: EntriesContext,
  asked: StatsAsked,
  grouping: Grouping,
  { stepMs, missing, signal }: { stepMs: number | null; missing: Missing; signal: AbortSignal },
): Promise<number> {
  const scope = await scopeOf(context.db, asked);
  const { from, to, pipeline } = asked;
  let segments: Segment[] = [];
  let entries = 0;
  const hot = generate<EntryRow[]>((give) =>
    context.db.transaction(async (transaction) => {
      await transaction.execute(sql`
        declare grouped no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
        where timestamp >= ${from}::timestamptz and timestamp < ${to}::timestamptz and ${scope.condition}`);
      segments = await listSegments(transaction, from, to);
      for (let isLast = false; !isLast; ) {
        signal.throwIfAborted();
        const { rows } = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from grouped`);
        isLast = rows.length < FETCHED;
        await give(z.array(entryRowSchema).parse(rows));
      }
    }, ONE_SNAPSHOT),
  );
  const add = (rows: readonly EntryRow[]) => {
    for (const row of rows) grouping.addEntry(row);
    entries += rows.length;
  };
  for await (const rows of hot) add(rows);

  const search = {
    segments,
    scope: scope.sealed,
    span: spanOf(from, to),
    order: "newest first",
    missing,
    signal,
  } as const;
  const groups = sealedGroupsOf(pipeline.stats, stepMs);
  for await (const chunk of chunksOf(context, search)) {
    signal.throwIfAborted();
    const grouped =
      groups && (await groupSealed(context, chunk, { groups, scope: scope.sealed, grouping, missing, signal }));
    if (grouped !== null) entries += grouped;
    else for await (const rows of readFound(context, search, chunk, null)) add(rows);
  }
  return entries;
}
