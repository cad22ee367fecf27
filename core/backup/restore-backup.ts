import { randomUUID } from "node:crypto";
import type pg from "pg";
import { forgetSnapshots } from "@/core/alerts/queries/forget-snapshots";
import { conflict, invalid } from "@/core/errors";
import { checkSecret } from "@/core/secrets/check-secret";
import { SealError, type SecretBox } from "@/core/secrets/secret-box";
import { STORE_SETTING } from "@/core/segments/check-store";
import { keepOrphans } from "@/core/segments/remove-orphans";
import type { StoreContext } from "@/core/segments/seal-context";
import { createPool, databaseOf } from "@/db/client";
import { knownMigrations, migrateDatabase, UNFINISHED } from "@/db/migrate";
import { migrateUntil } from "@/db/migrate-until";
import { settings } from "@/db/schema";
import { loadTables } from "./load-tables";
import type { Manifest } from "./manifest";
import type { BackupPlace } from "./place";
import type { BackupProgress } from "./progress";
import { checkTarget, restoreSegments } from "./restore-segments";

/** What happened; a test ends the process there. */
export const RESTORE_STEPS = [
  "segments restored",
  "tables made",
  "tables filled",
  "tables committed",
  "usable",
] as const;
export type RestoreStep = (typeof RESTORE_STEPS)[number];

export type RestoreOptions = {
  connectionString: string;
  /** Of which keys are derived here. */
  secrets: SecretBox;
  /** The store may be the one that the backup was made of. */
  isSameStore: boolean;
  progress: BackupProgress;
  /** Called when nothing speaks against it and nothing has been changed. */
  onAccepted?: () => Promise<void>;
  onStep?: (step: RestoreStep) => void;
};

/**
 * Fills an empty installation with a backup: the segments first, then all rows in one transaction, then the migrations that have come
 * since the backup was made. One that was broken off can be begun again.
 * @returns the files of the store that the backup has nothing of, mostly because they were stored after it: they are kept
 * @throws Fault conflict when the installation is not empty; Fault invalid when the backup is a newer Cordwood's
 */
export async function restoreBackup(
  { clock, segments }: Omit<StoreContext, "db">,
  { store: place }: BackupPlace,
  manifest: Manifest,
  { connectionString, secrets, isSameStore, progress, onAccepted, onStep }: RestoreOptions,
): Promise<string[]> {
  const newest = knownMigrations().at(-1) ?? 0;
  if (manifest.migrations.some((time) => time > newest)) {
    throw invalid(
      `The backup ${manifest.id} was made by a newer Cordwood (${manifest.cordwood}): restore it with that version or a newer one.`,
    );
  }
  const { store } = segments;
  const pool = createPool(connectionString, () => undefined, 1);
  try {
    await checkEmpty(pool);
    const there = await checkTarget(segments, manifest, isSameStore);
    const named = new Set([...manifest.segments, ...manifest.unreadable].map((segment) => segment.path));
    const others = [...there.keys()].filter((path) => !named.has(path)).sort();
    await onAccepted?.();
    // Of its own, so that who takes the place of segments for that of the other installation is refused.
    const mark = (await store.readMark()) ?? randomUUID();
    await restoreSegments(segments, place, manifest.segments, { there, progress });
    await store.writeMark(mark);
    onStep?.("segments restored");
    await dropUnfinished(pool);
    await migrateUntil(connectionString, manifest.migrations.at(-1) ?? 0);
    onStep?.("tables made");
    await inTransaction(pool, async (client) => {
      const db = databaseOf(client);
      await loadTables(client, place, manifest, progress);
      const row = { name: STORE_SETTING, value: mark, updatedAt: clock.now() };
      await db.insert(settings).values(row).onConflictDoUpdate({ target: settings.name, set: row });
      await refuseOtherSecret({ db, clock, secrets });
      onStep?.("tables filled");
    });
    onStep?.("tables committed");
    await migrateDatabase(connectionString, { isRestore: true });
    await inTransaction(pool, async (client) => {
      await forgetSnapshots(databaseOf(client));
      await keepOrphans(databaseOf(client), others);
      await client.query(`drop schema ${UNFINISHED}`);
    });
    onStep?.("usable");
    await pool.query("analyze");
    return others;
  } finally {
    await pool.end();
  }
}

/** @throws Fault conflict when there are tables of an installation, save those that a restore has left that was broken off */
async function checkEmpty(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname in ('logs', $1)",
    [UNFINISHED],
  );
  if (rows.length === 0 || rows.some(({ name }) => name === UNFINISHED)) return;
  throw conflict(
    "The database has an installation of Cordwood: restore into an empty one, by another CORDWOOD_DATA_DIR or DATABASE_URL.",
  );
}

/** Takes away what a restore has made that was broken off, and marks that one is under way, so that nothing else uses the database. */
async function dropUnfinished(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query("select 1 from pg_namespace where nspname = $1", [UNFINISHED]);
  if (rows.length === 0) await pool.query(`create schema ${UNFINISHED}`);
  else await pool.query("drop schema if exists logs cascade; drop table if exists drizzle.__drizzle_migrations");
}

/** @throws Fault invalid when what is sealed in the backup could not be opened, and the server would not start */
async function refuseOtherSecret(context: Omit<Parameters<typeof checkSecret>[0], "logger">): Promise<void> {
  try {
    await checkSecret({ ...context, logger: { warn: () => undefined } });
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw invalid(
      "The backup was made of an installation with another secret: set CORDWOOD_SECRET to that one, as it was set there or stood in the file secret of its data folder.",
    );
  }
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
