import path from "node:path";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { checkServer } from "./check-server";
import { databaseOf } from "./client";

/** Any constant will do, as long as every instance takes the same. */
const MIGRATION_LOCK = 7_014_001;

/**
 * Applies the migrations that are missing. A lock makes instances that start together take turns.
 * @throws Error before anything is changed, when the server or the database is not one that Cordwood can use (checkServer)
 * @param folder absolute path of the migrations; the default is right when the process starts in the project's folder
 */
export async function migrateDatabase(connectionString: string, folder = path.resolve("db/migrations")): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 10_000 });
  try {
    const client = await pool.connect();
    try {
      await checkServer(client);
      await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
      await migrate(databaseOf(client), { migrationsFolder: folder });
      await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}
