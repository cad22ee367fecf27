import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "./context";

/**
 * The kinds of advisory locks: two integers name a lock, the kind and which thing of that kind.
 * `aggregation` is held shared by whoever commits counts and exclusively by whoever rolls them up (ADR 5).
 */
const KINDS = {
  aggregation: 1,
  partition: 2,
  job: 3,
  "first account": 4,
  "last admin": 5,
  backup: 6,
  "query alerts": 7,
  store: 8,
  settings: 9,
  patterns: 10,
} as const;

/**
 * A kind and a number: 0 for aggregation, days since 1970 for a partition, the place in JOB_TYPES for a job, 0 for accounts,
 * backups, the store of segments, settings and the merging of patterns; of alerts on queries 0 for judging and 1 for saving them.
 */
export type AdvisoryLock = [kind: keyof typeof KINDS, number: number];

/** Waits until no other transaction holds the lock in either way; held until this transaction ends. */
export async function lockExclusive(transaction: Executor, [kind, number]: AdvisoryLock): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(${KINDS[kind]}::int, ${number}::int)`);
}

/** A statement that waits for an exclusive holder only; held until its transaction ends. */
export const sharedLock = ([kind, number]: AdvisoryLock): SQL =>
  sql`select pg_advisory_xact_lock_shared(${KINDS[kind]}::int, ${number}::int)`;

/** Runs it. */
export async function lockShared(transaction: Executor, lock: AdvisoryLock): Promise<void> {
  await transaction.execute(sharedLock(lock));
}

/** Takes the exclusive lock if it is free. */
export async function tryLock(transaction: Executor, [kind, number]: AdvisoryLock): Promise<boolean> {
  const result = await transaction.execute<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(${KINDS[kind]}::int, ${number}::int) as locked`,
  );
  return result.rows[0]?.locked === true;
}

/** Takes the exclusive lock for as long as the connection lives, if it is free. */
export async function tryLockConnection(connection: Executor, [kind, number]: AdvisoryLock): Promise<boolean> {
  const result = await connection.execute<{ locked: boolean }>(
    sql`select pg_try_advisory_lock(${KINDS[kind]}::int, ${number}::int) as locked`,
  );
  return result.rows[0]?.locked === true;
}

/** Gives it back before the connection ends. */
export async function unlockConnection(connection: Executor, [kind, number]: AdvisoryLock): Promise<void> {
  await connection.execute(sql`select pg_advisory_unlock(${KINDS[kind]}::int, ${number}::int)`);
}
