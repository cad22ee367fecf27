import { type Due, listDueSegments, listSegmentsAfter, type Segment } from "./catalogue";
import { noteCheck } from "./note-check";
import type { StoreContext } from "./seal-context";
import { findProblem } from "./store/find-problem";

/** What was found of a segment; `said` is for people, null when it is what was stored. */
export type Verified = { segment: Segment; said: string | null };

const BATCH = 500;

/**
 * Reads files as they are in the store and compares length and checksum with the catalogue; what is found is kept. A file that can't be read
 * does not keep the others.
 * @param due null: all
 * @throws Unreadable when the store is away
 */
export async function* verifySegments(context: StoreContext, due: Due | null = null): AsyncGenerator<Verified> {
  const { db } = context;
  const seen: number[] = [];
  for (;;) {
    const after = seen.at(-1) ?? 0;
    // One that is away is not noted as checked, and so is due still.
    const batch = await (due ? listDueSegments(db, due, seen, BATCH) : listSegmentsAfter(db, after, BATCH));
    for (const segment of batch) {
      seen.push(segment.id);
      yield { segment, said: await verify(context, segment) };
    }
    if (batch.length < BATCH) return;
  }
}

async function verify(context: StoreContext, segment: Segment): Promise<string | null> {
  const { store } = context.segments;
  const found = await findProblem(store, segment);
  if (found?.reason !== "away") await noteCheck(context, segment.id, found?.reason ?? null);
  else if (!store.state.reachable) throw found;
  return found && `${found.reason}: ${found.message}`;
}
