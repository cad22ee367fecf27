import { sql } from "drizzle-orm";
import type { Context } from "./context";

/** The first key of each kind of advisory lock: two integers name one, the second says which thing of the kind. */
const KINDS = { hour: 1, day: 2, partition: 3, job: 4 } as const;

/** A kind and a number: hours and days since 1970, or a job's number. */
export type AdvisoryLock = [kind: keyof typeof KINDS, number: number];

type Executor = Pick<Context["db"], "execute">;

/** Waits until no other transaction holds the lock in either way; held until this transaction ends. */
export async function lockExclusive(transaction: Executor, [kind, number]: AdvisoryLock): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(${KINDS[kind]}::int, ${number}::int)`);
}

/** Waits for exclusive holders only; held until this transaction ends. Numbers are locked in the order given: sort them. */
export async function lockShared(transaction: Executor, kind: keyof typeof KINDS, numbers: readonly number[]): Promise<void> {
  await transaction.execute(
    sql`select pg_advisory_xact_lock_shared(${KINDS[kind]}::int, number) from unnest(${sql.param(numbers)}::int[]) as number`,
  );
}

/** Takes the exclusive lock if it is free. */
export async function tryLock(transaction: Executor, [kind, number]: AdvisoryLock): Promise<boolean> {
  const result = await transaction.execute<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(${KINDS[kind]}::int, ${number}::int) as locked`,
  );
  return result.rows[0]?.locked === true;
}
