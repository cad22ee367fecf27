import { readUntilAborted } from "@/core/cancel-on-abort";
import { type Sought, scopeOf } from "@/core/search/scope";
import { listSegments } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import type { Grouping } from "./group-entries";
import type { Question } from "./question";
import { readHot } from "./read-hot";
import { readSealed } from "./read-sealed";

/**
 * Puts the entries that are asked for into their groups, those that are alike at once as far as that can be told. One snapshot says which
 * are in the database and which are sealed, so that each counts once.
 * @param options.isKept whether somebody may ask the same again, at any instance
 */
export async function readGroups(
  context: EntriesContext,
  asked: Sought,
  question: Question,
  grouping: Grouping,
  { missing, signal, isKept = true }: { missing: Missing; signal: AbortSignal; isKept?: boolean },
): Promise<void> {
  const scope = await scopeOf(context.db, asked);
  const { from, to, query } = asked;
  const segments = await readUntilAborted(context.db, signal, async (transaction) => {
    await readHot(transaction, { scope, sought: asked, question, grouping, signal });
    return listSegments(transaction, from, to);
  });
  const sealed = { segments, scope: scope.sealed, span: spanOf(from, to), query, missing, signal, isKept };
  await readSealed(context, sealed, question, grouping);
}
