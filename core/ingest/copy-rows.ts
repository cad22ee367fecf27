import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { sqlStateOf } from "@/core/sql-state";
import type { RowBlock } from "./row-block";

const COPY =
  "copy logs.logs (id, timestamp, service, level, message, pattern, tags, attributes) from stdin (format binary)";
/** Signature, flags and the length of the header's extension (documentation of COPY, "Binary Format"). */
const HEADER = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

export type RejectedRow = { index: number; reason: string };

/** Writes the rows of all blocks by one COPY. @throws what PostgreSQL says; the transaction is then broken */
export async function copyRows(client: pg.PoolClient, blocks: readonly RowBlock[]): Promise<void> {
  const stream = client.query(copyFrom(COPY));
  const ended = finished(stream);
  // The stream's error is thrown below; without this an error between two writes would be reported twice.
  ended.catch(() => undefined);
  await write(stream, HEADER);
  for (const block of blocks) if (block.rows > 0) await write(stream, block.bytes);
  stream.end(TRAILER);
  await ended;
}

async function write(stream: Writable, bytes: Buffer): Promise<void> {
  if (stream.destroyed || stream.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done).off("error", done);
      resolve();
    };
    stream.on("drain", done).on("close", done).on("error", done);
  });
}

/** Errors of a row's content (class 22 data exception, 23 integrity) and of its size (54 program limit). */
export function isDataError(error: unknown): error is Error {
  return error instanceof Error && /^(22|23|54)/.test(sqlStateOf(error) ?? "");
}

/** What stands in the row's way is that its partition is not there (any more). */
export function isPartitionMissing(error: unknown): boolean {
  return isDataError(error) && sqlStateOf(error) === "23514" && error.message.includes("no partition");
}

/**
 * Like copyRows, but a row that PostgreSQL refuses fails alone: the block is halved until the row is found. Entries are
 * checked before, so this is a second net, for what the checks don't know.
 * @returns the blocks that were written, and the rows that were refused
 */
export async function copyIsolated(
  client: pg.PoolClient,
  block: RowBlock,
): Promise<{ written: RowBlock[]; refused: RejectedRow[] }> {
  await client.query("savepoint block");
  try {
    await copyRows(client, [block]);
    await client.query("release savepoint block");
    return { written: [block], refused: [] };
  } catch (error) {
    if (!isDataError(error) || isPartitionMissing(error)) throw error;
    await client.query("rollback to savepoint block");
    if (block.rows === 1) {
      return { written: [], refused: [{ index: block.indices[0] ?? 0, reason: `can't be stored: ${error.message}` }] };
    }
  }
  const [first, second] = block.split(Math.floor(block.rows / 2));
  const ofFirst = await copyIsolated(client, first);
  const ofSecond = await copyIsolated(client, second);
  return { written: [...ofFirst.written, ...ofSecond.written], refused: [...ofFirst.refused, ...ofSecond.refused] };
}
