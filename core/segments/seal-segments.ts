import { mkdir, rm } from "node:fs/promises";
import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { throwAny } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { limitDisk } from "@/core/retention/limit-disk";
import { listPartSizes } from "@/core/retention/partitions";
import { checkStore } from "./check-store";
import { chooseSpan } from "./choose-span";
import { joinSegments } from "./join-segments";
import type { SealContext } from "./seal-context";
import { sealSpan } from "./seal-span";

/** How ingest goes, which sealing makes way for and is watched by. */
export type SealPace = {
  /** Whether entries come so fast just now that sealing should leave the machine to them, as far as there is room. */
  isBusy(): boolean;
  /** Told how many entries were sealed, each time. */
  sealed(entries: number): void;
};

const NO_PACE: SealPace = { isBusy: () => false, sealed: () => undefined };

export type SealResult = {
  sealed_entries: number;
  sealed_segments: number;
  joined_segments: number;
  /** That had to go for the room that they took. */
  removed_entries: number;
};

/** A run ends after so many, so that it is seen to go on. */
const MOST_SEGMENTS = 100;

/** About what an entry takes before it is sealed, and of what may be stored what waits for a quiet moment may take. */
const HOT_ENTRY_BYTES = 250;
const HOT_SHARE = 0.1;

/**
 * Moves what is old, or too much, from PostgreSQL into segments, and joins small segments; and removes the oldest when too much is stored,
 * also when the rest has failed: mostly because there is no room. Only one may run at a time (runJob sees to it).
 * @param maxDiskBytes null: anything
 * @throws what went wrong, after all else is done: an AggregateError, whose cause is the first, when it is more than one thing; StoreError or Unreadable before anything is
 */
export async function sealSegments(
  context: SealContext,
  maxDiskBytes: number | null = null,
  pace: SealPace = NO_PACE,
): Promise<SealResult> {
  const hasRoom = maxDiskBytes === null || LIMITS.busyHotEntries * HOT_ENTRY_BYTES <= maxDiskBytes * HOT_SHARE;
  const next = () => chooseSpan(context, hasRoom && pace.isBusy());
  // Without it nothing of what is sealed could be removed either, as it is read first.
  await checkStore(context, false);
  const result: SealResult = { sealed_entries: 0, sealed_segments: 0, joined_segments: 0, removed_entries: 0 };
  const errors: unknown[] = [];
  const fails = (error: unknown) => void errors.push(error);
  await sealAndJoin(context, next, pace, result).catch(fails);
  result.removed_entries = (await limitDisk(context, maxDiskBytes).catch(fails)) ?? 0;
  throwAny(errors);
  return result;
}

/** @param result to which is added what is done */
async function sealAndJoin(
  context: SealContext,
  next: () => ReturnType<typeof chooseSpan>,
  pace: SealPace,
  result: SealResult,
): Promise<void> {
  const { scratch } = context.segments;
  // What a process that was killed has left behind.
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  for (let span = await next(); span; span = await next()) {
    const sealed = await sealSpan(context, span);
    pace.sealed(sealed.entries);
    result.sealed_entries += sealed.entries;
    result.sealed_segments += sealed.segments;
    if (result.sealed_segments >= MOST_SEGMENTS) break;
  }
  if (result.sealed_segments > 0) await giveBackSpace(context);
  result.joined_segments = await joinSegments(context);
}

/** The space of rows that were taken out; the indexes that closed parts had before there were segments go with the last row. */
async function giveBackSpace({ db }: Context): Promise<void> {
  for (const { name } of await listPartSizes(db)) {
    const part = sql.identifier(name);
    await db.execute(sql`vacuum (analyze false) logs.${part}`);
    const { rows } = await db.execute(sql`select from logs.${part} limit 1`);
    if (rows.length > 0) continue;
    for (const kind of ["time", "severe", "patterns", "words"]) {
      await db.execute(sql`drop index concurrently if exists logs.${sql.identifier(`${name}_${kind}`)}`);
    }
  }
}
