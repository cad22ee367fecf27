import type pg from "pg";
import { codeOf, SQL_STATES } from "@/core/error-code";
import type { RowBlock } from "./row-block";

const COPY =
  "copy logs.logs (id, timestamp, service, level, message, pattern, tags, attributes) from stdin (format binary)";
/** Signature, flags and the length of the header's extension (documentation of COPY, "Binary Format"). */
const HEADER = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

export type RejectedRow = { index: number; reason: string };

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * One COPY with all that it needs sent at once, whole blocks as they are, without waiting until the server asks for them; when
 * the command fails it drops what follows (PostgreSQL's documentation, "Message Flow", COPY Operations). The driver drives it by
 * these methods.
 */
class CopyBlocks {
  private error: Error | null = null;

  constructor(
    private readonly blocks: readonly RowBlock[],
    private readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.query(COPY);
    const used = this.blocks.filter(({ rows }) => rows > 0);
    const size = used.reduce((sum, { bytes }) => sum + bytes.length, HEADER.length + TRAILER.length);
    const start = Buffer.allocUnsafe(5);
    start[0] = COPY_DATA;
    start.writeUInt32BE(size + 4, 1);
    stream.write(start);
    stream.write(HEADER);
    for (const { bytes } of used) stream.write(bytes);
    stream.write(TRAILER);
    stream.write(COPY_DONE);
    stream.uncork();
  }

  /** It is on its way already. */
  handleCopyInResponse(): void {}

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.error ??= error;
    this.done(this.error);
  }

  handleReadyForQuery(): void {
    this.done(this.error);
  }
}

/** Writes the rows of all blocks by one COPY. @throws what PostgreSQL says; the transaction is then broken */
export function copyRows(client: pg.PoolClient, blocks: readonly RowBlock[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyBlocks(blocks, (error) => (error ? reject(error) : resolve())));
  });
}

/** What Citus says for a worker that refused a row: in the worker's words, with a code of its own. */
const WORKER_REFUSED = /violates .*constraint|no partition of relation/;

/** Errors of a row's content (class 22 data exception, 23 integrity) and of its size (54 program limit). */
export function isDataError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error) ?? "";
  return /^(22|23|54)/.test(code) || (code === SQL_STATES.internalError && WORKER_REFUSED.test(error.message));
}

/** What stands in the row's way is that its partition is not there (any more). */
export function isPartitionMissing(error: unknown): boolean {
  return isDataError(error) && error.message.includes("no partition of relation");
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
