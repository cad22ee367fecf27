import path from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { checkServer } from "./check-server";
import { databaseOf } from "./client";
import { distributeEntries } from "./distribute";

/** Any constant will do, as long as every instance takes the same. */
const MIGRATION_LOCK = 7_014_001;

/** The database is not one for this version; the message is a sentence for the user. */
export class UnusableDatabase extends Error {}

/** A schema that is there while a restore fills the database: until then it is not to be used (core/backup). */
export const UNFINISHED = "cordwood_restore";

/**
 * Applies the migrations that are missing. A lock makes instances that start together take turns.
 * @param options.folder absolute path of the migrations; the default is right when the process starts in the project's folder
 * @param options.isRestore it is the restore that asks
 * @param options.distribute whether the entries are to be spread over the workers of Citus
 * @throws UnusableDatabase before anything is changed, when the database has migrations that are not there, or is half restored
 * @throws Error before anything is changed, when the server or the database is not one that Cordwood can use (checkServer)
 */
export async function migrateDatabase(
  connectionString: string,
  { folder = path.resolve("db/migrations"), isRestore = false, distribute = false } = {},
): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 10_000 });
  try {
    const client = await pool.connect();
    // It may still be open when PostgreSQL is stopped right after.
    client.on("error", () => undefined);
    try {
      await checkServer(client);
      await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
      await refuseNewer(client, folder);
      if (!isRestore) await refuseUnfinished(client);
      await migrate(databaseOf(client), { migrationsFolder: folder });
      if (distribute) await distributeEntries(client);
      await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

/** @param folder of the migrations @returns their times, by which they are known, in their order */
export const knownMigrations = (folder = path.resolve("db/migrations")): number[] =>
  readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis }) => folderMillis);

/** Those that a database has, by their times, in their order; none when it has never had any. */
export async function appliedMigrations(client: pg.ClientBase): Promise<number[]> {
  const known = await client.query<{ known: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as known",
  );
  if (!known.rows[0]?.known) return [];
  const { rows } = await client.query<{ time: string }>(
    "select created_at::text as time from drizzle.__drizzle_migrations order by created_at",
  );
  return rows.map(({ time }) => Number(time));
}

/** An older version could misread or spoil what a newer one has written. */
async function refuseNewer(client: pg.ClientBase, folder: string): Promise<void> {
  const newest = knownMigrations(folder).at(-1) ?? 0;
  const unknown = (await appliedMigrations(client)).filter((time) => time > newest).length;
  if (unknown === 0) return;
  throw new UnusableDatabase(
    `The database was written by a newer Cordwood, with ${unknown} ${unknown === 1 ? "change" : "changes"} that this version does not know: start that version or a newer one, or restore a backup from before the upgrade into a new data folder or database.`,
  );
}

async function refuseUnfinished(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query("select 1 from pg_namespace where nspname = $1", [UNFINISHED]);
  if (rows.length === 0) return;
  throw new UnusableDatabase(
    "A restore into this database was broken off: run it again, which begins anew, or name another data folder or database.",
  );
}
