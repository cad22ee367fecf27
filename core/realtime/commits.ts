import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { ENTRIES_CHANNEL } from "./channels";
import { durableSnapshot, readSnapshot, snapshotColumns, snapshotSchema } from "./durable-snapshot";

/** A transaction that wrote entries. */
export type Commit = { transaction: string; rows: number; firstTimestamp: Date; lastTimestamp: Date };

/** A kind of advisory locks (core/locks.ts), whose numbers have 32 bits. */
const COMMIT_LOCK = sql.raw("100");
const LOCK_NUMBERS = sql.raw("2147483647");

/**
 * The statement that makes a transaction of entries known to every instance as it commits. It gives its number.
 * @param commit its transaction is null where that is not known yet: it is the one that the statement runs in
 */
export function recordCommit(
  { transaction, rows, firstTimestamp, lastTimestamp }: Omit<Commit, "transaction"> & { transaction: string | null },
  now: Date,
): SQL {
  const own = transaction === null ? sql`pg_current_xact_id()` : sql`${transaction}::xid8`;
  return sql`
    with told as (
      select pg_notify(${ENTRIES_CHANNEL}, ${own}::text),
        pg_advisory_xact_lock(${COMMIT_LOCK}, (${own}::text::bigint % ${LOCK_NUMBERS})::int))
    insert into logs.ingest_commits (transaction, rows, first_timestamp, last_timestamp, created_at)
    select ${own}, ${rows}::bigint, ${firstTimestamp.toISOString()}::timestamptz,
      ${lastTimestamp.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz from told returning transaction::text`;
}

/**
 * Waits until all nodes show what transactions wrote. On a distributed database the coordinator shows that one is committed a moment
 * before its workers show its entries, so that a tail would find none of them. Who commits holds a lock until that is done (recordCommit).
 */
export async function untilShown(transaction: Executor, commits: readonly Commit[]): Promise<void> {
  const numbers = sql.param(commits.map((commit) => commit.transaction));
  await transaction.execute(sql`
    select pg_advisory_xact_lock_shared(${COMMIT_LOCK}, objid::bigint::int) from pg_locks
    where locktype = 'advisory' and granted and classid = ${COMMIT_LOCK} and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())
      and objid::bigint in (select number % ${LOCK_NUMBERS} from unnest(${numbers}::bigint[]) as number)`);
}

const LAST = sql`(select last.transaction::text from logs.ingest_commits as last order by last.transaction desc limit 1)`;

const rowSchema = snapshotSchema.extend({
  transaction: z.string().nullable(),
  rows: z.coerce.number(),
  first_timestamp: z.coerce.date(),
  last_timestamp: z.coerce.date(),
});

/**
 * What was committed since a snapshot, in the order of transactions, and the snapshot that shows it. Between one answer and
 * the next no commit is left out or comes twice, whatever order they ended in, also when the database breaks down in between.
 * @param until only what this earlier snapshot shows
 */
export async function readCommits(
  db: Executor,
  seen: string,
  until?: string,
): Promise<{ snapshot: string; commits: Commit[] }> {
  const shown = until === undefined ? sql`` : sql`and pg_visible_in_snapshot(transaction, ${until}::pg_snapshot)`;
  const result = await db.execute(sql`
    select ${snapshotColumns(LAST)}, fresh.* from (select) as always left join (
      select transaction::text, rows, first_timestamp, last_timestamp, transaction as place from logs.ingest_commits
      where transaction >= pg_snapshot_xmin(${seen}::pg_snapshot)
        and not pg_visible_in_snapshot(transaction, ${seen}::pg_snapshot) ${shown}
    ) as fresh on true order by place`);
  const rows = z.array(rowSchema).parse(result.rows);
  return {
    snapshot: rows[0] ? durableSnapshot(rows[0]) : seen,
    commits: rows.flatMap(({ transaction, rows: count, first_timestamp, last_timestamp }) =>
      transaction === null
        ? []
        : [{ transaction, rows: count, firstTimestamp: first_timestamp, lastTimestamp: last_timestamp }],
    ),
  };
}

/** The snapshot that shows the entries which are committed now, to read commits since. */
export const committedSnapshot = (db: Executor): Promise<string> => readSnapshot(db, LAST);

/**
 * Nobody resumes from so long ago; but for alerts on queries, which take what came however long nobody judged them. The last one is kept,
 * since positions stand behind it.
 */
export async function forgetCommits({ db, clock }: Context): Promise<{ forgotten: number }> {
  const until = addMs(clock.now(), -2 * LIMITS.resumeMs);
  const result = await db.execute(sql`
    delete from logs.ingest_commits where created_at < ${until}::timestamptz and transaction::text <> ${LAST} and not exists (
      select from logs.alert_following where not pg_visible_in_snapshot(transaction, seen::pg_snapshot))`);
  return { forgotten: result.rowCount ?? 0 };
}
