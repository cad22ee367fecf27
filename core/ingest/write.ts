import pg from "pg";
import { z } from "zod";
import type { Outbox } from "@/core/alerts/delivery/outbox";
import { type Clock, DAY_MS, floorTo } from "@/core/clock";
import { codeOf } from "@/core/error-code";
import { isFault, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { recordCommit } from "@/core/realtime/commits";
import type { RecentRows } from "@/core/realtime/recent-rows";
import { createPartitions } from "@/core/retention/partitions";
import { type Database, databaseOf } from "@/db/client";
import { inOneTrip, runPrepared } from "@/db/prepared";
import { CommitUnknown } from "./commit-unknown";
import { copyIsolated, copyRows, isDataError, isPartitionMissing, type RejectedRow } from "./copy-rows";
import { type DatabaseRoom, isDiskFull, NO_ROOM } from "./database-room";
import { recordCounts } from "./record-counts";
import type { RowBlock } from "./row-block";
import { Tally } from "./tally";

export type WriteContext = {
  pool: pg.Pool;
  db: Database;
  clock: Clock;
  outbox: Outbox;
  /** Told after commit when announceNewPatterns has something to decide. */
  newPatterns: { wake(): void };
  recent: RecentRows;
  /** Told of every transaction. */
  room: DatabaseRoom;
  /** Told after commit how many entries have come; before many are written it may have them wait. */
  sealSoon: { written(rows: number): void; brake(): Promise<void> };
};

/**
 * One transaction of entries: rows, counts, patterns and the notice become visible together or not at all.
 * Made by openWrite; ends with commit or abort, one of which must be called.
 */
export class Write {
  private readonly tally = new Tally();
  private database: Database | undefined;
  private rows = 0;
  /** Of the next row's id. */
  private ordinal = 0;
  /** All that was written; null when that is more than tails may have from memory, or some came while nobody tailed. */
  private kept: RowBlock[] | null = [];
  private keptBytes = 0;

  /** @param id of PostgreSQL's transaction */
  constructor(
    private readonly context: WriteContext,
    private readonly client: pg.PoolClient,
    private readonly id: string,
    private readonly partitions: KnownPartitions,
  ) {}

  /** Made when it is asked for, which most writes don't, because making it costs more than a statement. */
  get transaction(): Database {
    this.database ??= databaseOf(this.client);
    return this.database;
  }

  /** Writes blocks at once; a row that PostgreSQL refuses breaks the transaction. */
  async add(blocks: readonly RowBlock[]): Promise<void> {
    for (const block of blocks) await this.partitions.ensure(block.tally);
    for (const block of blocks) this.number(block);
    await copyRows(this.client, blocks);
    for (const block of blocks) this.count(block);
  }

  /** Writes a block so that a refused row fails alone. */
  async addIsolated(block: RowBlock): Promise<RejectedRow[]> {
    if (block.rows === 0) return [];
    await this.partitions.ensure(block.tally);
    this.number(block);
    const { written, refused } = await copyIsolated(this.client, block);
    for (const part of written) this.count(part);
    return refused;
  }

  private number(block: RowBlock): void {
    block.numberRows(Number(this.id), this.ordinal);
    this.ordinal += block.rows;
  }

  private count(block: RowBlock): void {
    this.tally.merge(block.tally);
    this.rows += block.rows;
    this.keptBytes += block.bytes.length;
    const mayKeep = this.context.recent.isWanted && this.keptBytes <= LIMITS.recentTransactionBytes;
    if (mayKeep && this.kept) {
      block.isKept = true;
      this.kept.push(block);
    } else this.kept = null;
  }

  /** @throws CommitUnknown when the connection breaks on the last way; after any other error nothing is committed */
  async commit(): Promise<void> {
    const now = this.context.clock.now();
    const { client } = this;
    const { deliveries, hasNewPatterns } = await recordCounts(client, this.tally, now);
    await this.end(now).catch((error: unknown) => {
      throw isDefinite(error) || !isPassing(error) || !(error instanceof Error) ? error : new CommitUnknown(error);
    });
    client.release();
    this.context.outbox.request(deliveries);
    if (hasNewPatterns) this.context.newPatterns.wake();
    this.context.sealSoon.written(this.rows);
  }

  /** The last way to the server. */
  private async end(now: Date): Promise<void> {
    const { client } = this;
    if (this.rows === 0) {
      await client.query("commit");
      return;
    }
    const { first, last } = this.tally.span();
    const commit = { transaction: this.id, rows: this.rows, firstTimestamp: first, lastTimestamp: last };
    // A part would be taken for the whole: whoever began to tail meanwhile reads the transaction from the database.
    if (this.kept) this.context.recent.add(this.id, this.kept);
    await inOneTrip(client, () => [runPrepared(client, recordCommit(commit, now)), client.query("commit")]);
  }

  async abort(error: unknown): Promise<void> {
    this.context.recent.forget(this.id);
    try {
      await this.client.query("rollback");
      this.client.release();
    } catch {
      this.client.release(error instanceof Error ? error : true);
    }
    if (isPartitionMissing(error)) this.partitions.forget();
    this.context.room.noteFailure(error);
  }
}

/** The days that are known to have a partition, so that looking costs nothing. */
export class KnownPartitions {
  private readonly days = new Set<number>();

  constructor(private readonly db: Database) {}

  async ensure(tally: Tally): Promise<void> {
    const missing = new Set<number>();
    for (const minute of tally.minutes()) {
      const day = floorTo(minute, DAY_MS).getTime();
      if (!this.days.has(day)) missing.add(day);
    }
    if (missing.size === 0) return;
    await createPartitions(
      this.db,
      [...missing].sort((a, b) => a - b).map((day) => new Date(day)),
    );
    for (const day of missing) this.days.add(day);
  }

  forget(): void {
    this.days.clear();
  }
}

/** The results of two statements that are sent together. */
const begunSchema = z.tuple([z.unknown(), z.object({ rows: z.tuple([z.object({ id: z.string() })]) })]);

/** Begins a transaction on a connection of its own. @throws Fault unavailable when the database can't be reached */
export async function openWrite(context: WriteContext, partitions: KnownPartitions): Promise<Write> {
  let client: pg.PoolClient | undefined;
  try {
    client = await context.pool.connect();
    const begun: unknown = await client.query("begin; select pg_current_xact_id()::text as id");
    const [, { rows }] = begunSchema.parse(begun);
    const [{ id }] = rows;
    return new Write(context, client, id, partitions);
  } catch (error) {
    client?.release(true);
    throw asFault(error);
  }
}

/** An error of a statement ends a transaction for certain, also one that stands before a commit or is the commit's own. */
export const isDefinite = (error: unknown): boolean => error instanceof pg.DatabaseError && error.severity === "ERROR";

/** Classes of SQLSTATE that a moment later may be gone: connection, transaction rollback, resources, operator intervention, system. */
const PASSING = /^(08|40|53|57|58|XX)/;
const NETWORK = /^E[A-Z]+$/;
const PLAIN = /connection|timeout/i;

/** Whether it is worth writing the same again: the database was away, or two transactions were in each other's way. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return PASSING.test(code) || NETWORK.test(code);
  // What the pool of connections says has no code.
  return error instanceof Error && (PLAIN.test(error.message) || isPassing(error.cause));
}

/** Somebody has to make room, so there is no use in trying again at once. */
const ROOM_AFTER_SECONDS = 10;

/** What the sender is told of a failed write: to try again when that makes sense. */
export function asFault(error: unknown): unknown {
  if (isFault(error)) return error;
  if (isDiskFull(error))
    return unavailable(`${NO_ROOM}; send this request again when there is room`, ROOM_AFTER_SECONDS);
  return isPassing(error) && !isDataError(error)
    ? unavailable("the database can't be reached at the moment; send this request again")
    : error;
}
