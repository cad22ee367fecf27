import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "@/core/clock";
import type { Executor } from "@/core/context";
import type { RejectedRow } from "./copy-rows";
import type { RowBlock } from "./row-block";

/** The name under which the sender knows the entry of an index in its request; null for one that has none. */
export type EntryNameOf = (index: number) => string | null;

/** By what a request that comes again is known, and its entries. */
export type NamedRequest = { idempotencyKey?: string; entryNameOf?: EntryNameOf };

export type NamedBlock = { block: RowBlock; entryNameOf?: EntryNameOf };

/** What is left of a block, and the entries that came before, by their index in the request. */
export type FreshBlock = { block: RowBlock; repeated: readonly number[] };

/** So many bytes of a hash tell more entries apart than there ever are. */
const HASH_BYTES = 16;
const rowsSchema = z.array(z.object({ idempotency_key: z.string() }));

/** In little space, because there may be one for each entry. */
const keyOf = (name: string): string =>
  `entry ${createHash("sha256").update(name).digest().subarray(0, HASH_BYTES).toString("base64url")}`;

/**
 * Claims the names of entries for this transaction, and takes those out of their blocks that came before: committed within
 * LIMITS.idempotencyMs, or earlier among these. What another transaction has claimed is waited for. All are claimed by one statement
 * in one order, so that two transactions can't deadlock.
 * @param transaction asked for only when an entry has a name
 */
export async function claimEntries(
  transaction: () => Executor,
  blocks: readonly NamedBlock[],
  clock: Clock,
): Promise<FreshBlock[]> {
  const keys = blocks.map(({ block, entryNameOf }) =>
    entryNameOf ? Array.from(block.indices, keyFor(entryNameOf)) : [],
  );
  const wanted = new Set(keys.flat().filter((key) => key !== null));
  if (wanted.size === 0) return blocks.map(({ block }) => ({ block, repeated: [] }));
  const free = await insert(transaction(), [...wanted].sort(), clock);
  return blocks.map(({ block }, place) => {
    const repeated = new Set<number>();
    // The first one that asks for a key has it.
    for (const [row, key] of (keys[place] ?? []).entries()) if (key !== null && !free.delete(key)) repeated.add(row);
    if (repeated.size === 0) return { block, repeated: [] };
    return { block: block.without(repeated), repeated: Array.from(repeated, (row) => block.indices[row] ?? 0) };
  });
}

const keyFor = (entryNameOf: EntryNameOf) => (index: number) => {
  const name = entryNameOf(index);
  return name === null ? null : keyOf(name);
};

async function insert(transaction: Executor, keys: readonly string[], clock: Clock): Promise<Set<string>> {
  const { rows } = await transaction.execute(sql`
    insert into logs.ingest_requests (idempotency_key, created_at)
    select key, ${clock.now()}::timestamptz from unnest(${sql.param(keys)}::text[]) as key
    on conflict (idempotency_key) do nothing returning idempotency_key`);
  return new Set(rowsSchema.parse(rows).map((row) => row.idempotency_key));
}

/** Gives back the names of rows that could not be stored after all. */
export async function releaseEntries(
  transaction: () => Executor,
  entryNameOf: EntryNameOf | undefined,
  refused: readonly RejectedRow[],
): Promise<void> {
  if (!entryNameOf || refused.length === 0) return;
  const keys = refused.map(({ index }) => keyFor(entryNameOf)(index)).filter((key) => key !== null);
  await transaction().execute(sql`
    delete from logs.ingest_requests where idempotency_key = any(${sql.param(keys)}::text[])`);
}
