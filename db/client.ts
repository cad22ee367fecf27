import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { hideParameters } from "./failed-query";
import * as schema from "./schema";

hideParameters();

export type Database = NodePgDatabase<typeof schema>;

/** Wraps a pool, or one connection of it, in Drizzle's builder, which throws FailedQuery. */
export function databaseOf(connection: pg.Pool | pg.PoolClient): Database {
  return drizzle(connection, { schema, casing: "snake_case" });
}

/**
 * A pool of connections: the process has one for ingest and one for all else. Broken idle connections are reported, not thrown: the next query gets a new one.
 * @param max connections
 */
export function createPool(connectionString: string, onIdleError: (error: Error) => void, max = 16): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: "cordwood",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    options: "-c timezone=UTC",
  });
  // A connection that breaks within a transaction, between two queries, would end the process: the next query fails instead.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", (error) => {
    // Those that the pool has ended may still be open when PostgreSQL is stopped after it.
    if (!pool.ending) onIdleError(error);
  });
  return pool;
}
