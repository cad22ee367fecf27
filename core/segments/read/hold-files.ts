import type { Context } from "@/core/context";
import { noteCheck } from "../note-check";
import type { Segments } from "../segments";
import { findProblem } from "../store/find-problem";
import type { HeldFile } from "../store/segment-store";
import { isUnreadable } from "../store/unreadable";
import { isWhole } from "../write/write-file";
import type { Missing } from "./missing";
import type { Chunk } from "./plan-chunks";

type Read = Chunk["reads"][number];

/** What of a chunk is there to be read. */
export type HeldRead = Read & { held: HeldFile };

export type SegmentsContext = Context & { segments: Segments };

/** The local files of what is to be read, until they are released; what can't be read is noted and left out. */
export async function holdFiles(
  context: SegmentsContext,
  reads: readonly Read[],
  missing: Missing,
  signal: AbortSignal | undefined,
): Promise<HeldRead[]> {
  const held = await Promise.allSettled(reads.map((read) => hold(context, read, missing, signal)));
  const failed = held.find((one) => one.status === "rejected");
  const got = held.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
  if (!failed) return got;
  for (const { held: file } of got) file.release();
  throw failed.reason;
}

async function hold(
  context: SegmentsContext,
  read: Read,
  missing: Missing,
  signal: AbortSignal | undefined,
): Promise<HeldRead | null> {
  const { segment } = read;
  // Until somebody has verified that it is whole again.
  if (segment.problem === "damaged") {
    missing.note(segment, "damaged");
    return null;
  }
  try {
    const held = await context.segments.store.hold(segment, signal);
    if (segment.problem !== null) await noteCheck(context, segment.id, null);
    return { ...read, held };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    missing.note(segment, error.reason);
    if (error.reason !== "away" && error.reason !== segment.problem) await noteCheck(context, segment.id, error.reason);
    return null;
  }
}

/**
 * Finds out which files made DuckDB fail.
 * @returns what is worth another try: those that are whole, if only when they are read again, and those of which a damaged copy was
 * dropped. Null when all are whole
 */
export async function withoutDamaged(
  context: SegmentsContext,
  reads: readonly HeldRead[],
  missing: Missing,
): Promise<Read[] | null> {
  const { store } = context.segments;
  const left: Read[] = [];
  let isFound = false;
  for (const { held, ...read } of reads) {
    const { segment } = read;
    const isDamaged = !(await isWhole(held.file, segment));
    isFound ||= isDamaged;
    const isInStore = isDamaged && !(await store.forgetCopy(segment.path));
    const problem = isInStore ? await findProblem(store, segment) : null;
    if (problem === null) {
      left.push(read);
      continue;
    }
    missing.note(segment, problem.reason);
    if (problem.reason !== "away") await noteCheck(context, segment.id, problem.reason);
  }
  return isFound ? left : null;
}
