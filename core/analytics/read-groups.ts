import { sql } from "drizzle-orm";
import { z } from "zod";
import { generate } from "@/core/generate";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { scopeOf } from "@/core/search/scope";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import type { Grouping } from "./group-entries";
import type { Question } from "./question";
import { readSealed } from "./read-sealed";
import type { StatsAsked } from "./stats-asked";

/** Entries that are fetched at once. */
const FETCHED = 1_000;

/**
 * Puts the entries that are asked for into their groups: those in the database one by one, and of what is sealed those that are alike
 * at once, where the files can tell. One snapshot says which are where, so that each counts once.
 */
export async function readGroups(
  context: EntriesContext,
  asked: StatsAsked,
  question: Question,
  grouping: Grouping,
  { missing, signal }: { missing: Missing; signal: AbortSignal },
): Promise<void> {
  const scope = await scopeOf(context.db, asked);
  const { from, to, query } = asked;
  let segments: Segment[] = [];
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
  for await (const rows of hot) for (const row of rows) grouping.addEntry(row);
  const sealed = { segments, scope: scope.sealed, span: spanOf(from, to), query, missing, signal };
  await readSealed(context, sealed, question, grouping);
}
