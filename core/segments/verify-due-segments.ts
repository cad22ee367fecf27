import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { type Due, listSegmentsAfter } from "./catalogue";
import { checkStore } from "./check-store";
import { noteCheck, type SegmentProblem } from "./note-check";
import type { StoreContext } from "./seal-context";
import { verifySegments } from "./verify-segments";

export type VerifyResult = { verified_segments: number; unreadable_segments: number };

const BATCH = 500;

/**
 * Looks whether files are what they were, before somebody searches for what is in them. In a folder those that were not read as a whole for
 * long are, and those that were missing or damaged, which are searched again once they are found whole; of a bucket, where that would be paid for, names and lengths are compared.
 * @param mostBytes that are read of either, about; what is left comes with the next run
 * @throws StoreError when the store is not this database's, Unreadable when it is away
 */
export async function verifyDueSegments(
  context: StoreContext,
  mostBytes: number = LIMITS.verifyBytes,
): Promise<VerifyResult> {
  await checkStore(context, false);
  return context.segments.store.isRemote ? compareListed(context) : readDue(context, mostBytes);
}

async function readDue(context: StoreContext, mostBytes: number): Promise<VerifyResult> {
  const start = context.clock.now();
  const result = { verified_segments: 0, unreadable_segments: 0 };
  const read = async (due: Due) => {
    let bytes = 0;
    for await (const { segment, said } of verifySegments(context, due)) {
      result.verified_segments++;
      if (said !== null) result.unreadable_segments++;
      bytes += segment.bytes;
      if (bytes >= mostBytes) break;
    }
  };
  await read({ checkedBefore: addMs(start, -LIMITS.verifyMs) });
  // A disk that failed for a moment may give them again. Apart, so that many damaged ones don't keep the others from being read.
  await read({ checkedBefore: start, hasProblem: true });
  return result;
}

async function compareListed(context: StoreContext): Promise<VerifyResult> {
  const { db, segments } = context;
  // Those that are made from now on may be listed or not.
  const known = await db.execute(sql`select coalesce(max(id), 0)::float8 as last from logs.segments`);
  const [{ last }] = z.tuple([z.object({ last: z.number() })]).parse(known.rows);
  const listed = new Map<string, number>();
  for await (const { path, bytes } of segments.store.list()) listed.set(path, bytes);
  const result = { verified_segments: 0, unreadable_segments: 0 };
  let after = 0;
  for (let isMore = true; isMore; ) {
    const batch = await listSegmentsAfter(db, after, BATCH);
    for (const { id, path, bytes, problem } of batch) {
      after = id;
      if (id > last) return result;
      const found = problemOf(listed.get(path), bytes, problem);
      result.verified_segments++;
      if (found !== null) result.unreadable_segments++;
      if (found !== problem) await noteCheck(context, id, found);
    }
    isMore = batch.length === BATCH;
  }
  return result;
}

/** A file of the right length that was damaged may be so still: only reading it tells. */
function problemOf(listed: number | undefined, bytes: number, known: SegmentProblem | null): SegmentProblem | null {
  if (listed === undefined) return "missing";
  return listed === bytes && known !== "damaged" ? null : "damaged";
}
