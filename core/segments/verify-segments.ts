import { createHash } from "node:crypto";
import type { Segment } from "./catalogue";
import { listSegmentsAfter } from "./catalogue";
import { noteCheck } from "./note-check";
import type { StoreContext } from "./seal-context";
import { isUnreadable } from "./store/unreadable";

/** What was found of a segment; `said` is for people, null when it is what was stored. */
export type Verified = { segment: Segment; said: string | null };

const BATCH = 500;

/**
 * Reads files as they are in the store and compares length and checksum with the catalogue; what is found is kept. A file that can't be read
 * does not keep the others.
 * @param checkedBefore only those that were not checked since; null: all
 * @throws Unreadable when the store is away
 */
export async function* verifySegments(context: StoreContext, checkedBefore: Date | null): AsyncGenerator<Verified> {
  let after = 0;
  for (;;) {
    const batch = await listSegmentsAfter(context.db, after, { checkedBefore, limit: BATCH });
    for (const segment of batch) {
      after = segment.id;
      yield { segment, said: await verify(context, segment) };
    }
    if (batch.length < BATCH) return;
  }
}

async function verify(context: StoreContext, segment: Segment): Promise<string | null> {
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of await context.segments.store.open(segment.path)) {
      hash.update(piece);
      bytes += piece.length;
    }
    const isWhole = bytes === segment.bytes && hash.digest("hex") === segment.checksum;
    await noteCheck(context, segment.id, isWhole ? null : "damaged");
    if (isWhole) return null;
    return bytes === segment.bytes
      ? "damaged: its bytes are not those that were stored"
      : `damaged: it has ${bytes} bytes where there should be ${segment.bytes}`;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (error.reason !== "away") await noteCheck(context, segment.id, error.reason);
    else if (!context.segments.store.state.reachable) throw error;
    return `${error.reason}: ${error.message}`;
  }
}
