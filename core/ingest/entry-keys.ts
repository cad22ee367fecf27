import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Clock } from "@/core/clock";
import type { Executor } from "@/core/context";
import type { RejectedRow } from "./copy-rows";
import { claimKeys, findTaken } from "./idempotency";
import type { RowBlock } from "./row-block";

/** The name under which the sender knows the entry of an index in its request; null for one that has none. */
export type EntryNameOf = (index: number) => string | null;

/** By what a request that comes again is known, and its entries. */
export type NamedRequest = {
  idempotencyKey?: string;
  /** What its entries are, in the words of who made the key: kept with the answer, also of a request of which nothing could be stored. */
  contents?: string;
  entryNameOf?: EntryNameOf;
};

export type NamedBlock = { block: RowBlock; entryNameOf?: EntryNameOf };

/** What is left of a block, and the entries that came before, by their index in the request. */
export type FreshBlock = { block: RowBlock; repeated: readonly number[] };

/** So many bytes of a hash tell more entries apart than there ever are. */
const HASH_BYTES = 16;

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
  const free = await claimKeys(transaction(), [...wanted], clock);
  return blocks.map(({ block }, place) => {
    const repeated = new Set<number>();
    // The first one that asks for a key has it.
    for (const [row, key] of (keys[place] ?? []).entries()) if (key !== null && !free.delete(key)) repeated.add(row);
    return without(block, repeated);
  });
}

function without(block: RowBlock, rows: ReadonlySet<number>): FreshBlock {
  if (rows.size === 0) return { block, repeated: [] };
  return { block: block.without(rows), repeated: Array.from(rows, (row) => block.indices[row] ?? 0) };
}

const keyFor = (entryNameOf: EntryNameOf) => (index: number) => {
  const name = entryNameOf(index);
  return name === null ? null : keyOf(name);
};

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

/**
 * The names of entries that are written while their request arrives. They are claimed at its end: who waits for a claim must not wait
 * for a sender, which can take minutes.
 */
export class LateClaims {
  private readonly keys = new Set<string>();

  constructor(private readonly entryNameOf: EntryNameOf) {}

  /** Takes those out of a block that are committed, or came earlier in the request. */
  async fresh(transaction: Executor, block: RowBlock): Promise<FreshBlock> {
    const keys = Array.from(block.indices, keyFor(this.entryNameOf));
    const wanted = keys.filter((key) => key !== null);
    if (wanted.length === 0) return { block, repeated: [] };
    const known = await findTaken(transaction, wanted);
    const repeated = new Set<number>();
    for (const [row, key] of keys.entries()) {
      if (key === null) continue;
      if (known.has(key) || this.keys.has(key)) repeated.add(row);
      else this.keys.add(key);
    }
    return without(block, repeated);
  }

  /** Forgets the names of rows that could not be stored after all. */
  release(refused: readonly RejectedRow[]): void {
    for (const { index } of refused) this.keys.delete(keyFor(this.entryNameOf)(index) ?? "");
  }

  /** @returns false when another request has stored some of them meanwhile: this transaction must not be committed then */
  async claim(transaction: Executor, clock: Clock): Promise<boolean> {
    const claimed = await claimKeys(transaction, [...this.keys], clock);
    return claimed.size === this.keys.size;
  }
}
