import type pg from "pg";
import { type Database, databaseOf } from "@/db/client";

/**
 * Changes the catalogue in one transaction, while nobody else changes it.
 * @param change is given the transaction, and its connection for what needs that (COPY)
 * @param isolation repeatable read sees one state of the database; read committed changes rows that others write meanwhile
 * @throws what `change` does, and then nothing has changed
 */
export async function changeCatalogue<Result>(
  pool: pg.Pool,
  change: (transaction: Database, client: pg.PoolClient) => Promise<Result>,
  isolation: "repeatable read" | "read committed" = "repeatable read",
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(`begin isolation level ${isolation}`);
    // Without a snapshot yet: who else changes the catalogue comes before it or after it.
    await client.query("lock table logs.segments in share row exclusive mode");
    const result = await change(databaseOf(client), client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // The transaction ends with its connection, whatever state that is in.
    client.release(true);
    throw error;
  }
}
