import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import type { Database } from "@/db/client";

/** How many rows of a table of the schema `logs` PostgreSQL reads for `work`, which runs in a transaction: few, where it uses an index. */
export function rowsReadBy(
  db: Database,
  table: string,
  work: (transaction: Executor) => Promise<unknown>,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const before = await countRead(transaction, table);
    await work(transaction);
    return (await countRead(transaction, table)) - before;
  });
}

/** Since the connection handed its statistics on last, which may have been before this transaction. */
async function countRead(transaction: Executor, table: string): Promise<number> {
  const { rows } = await transaction.execute(sql`
    select seq_tup_read + coalesce(idx_tup_fetch, 0) as read from pg_stat_xact_user_tables
    where schemaname = 'logs' and relname = ${table}`);
  return z.tuple([z.object({ read: z.coerce.number() })]).parse(rows)[0].read;
}
