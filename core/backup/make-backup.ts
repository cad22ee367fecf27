import { randomBytes } from "node:crypto";
import path from "node:path";
import { eq } from "drizzle-orm";
import type pg from "pg";
import { z } from "zod";
import { conflict } from "@/core/errors";
import { type AdvisoryLock, tryLockConnection, unlockConnection } from "@/core/locks";
import { STORE_SETTING } from "@/core/segments/check-store";
import type { StoreContext } from "@/core/segments/seal-context";
import { databaseOf } from "@/db/client";
import { settings } from "@/db/schema";
import { copySegments } from "./copy-segments";
import { copyTables, listFiles, putText } from "./copy-tables";
import { BACKUP_FORMAT, MANIFEST, type Manifest, pathInBackup } from "./manifest";
import { type BackupPlace, claimPlace } from "./place";
import type { BackupProgress } from "./progress";

const LOCK: AdvisoryLock = ["backup", 0];

/** What happened; a test ends the process there. */
export const BACKUP_STEPS = ["segments copied", "tables copied", "late segments copied"] as const;
export type BackupStep = (typeof BACKUP_STEPS)[number];

export type BackupContext = StoreContext & { pool: pg.Pool };

export type BackupOptions = {
  /** The version of Cordwood. */
  version: string;
  /** A local folder for what is on its way. */
  scratch: string;
  /** What the file `secret` of the data folder has; null: there is none, or it shall not be in the backup. */
  secret: string | null;
  progress: BackupProgress;
  onStep?: (step: BackupStep) => void;
};

/**
 * Makes a backup of one state of the database and of the segments that it names, while others write. Segments are copied before that
 * state is chosen, so that few are left for after it, when a file that has gone out of the catalogue stays for an hour only. The
 * manifest comes last: without it a backup is none.
 * @throws Fault conflict when another backup is just made; Fault invalid when the place is another's
 */
export async function makeBackup(
  context: BackupContext,
  place: BackupPlace,
  { version, scratch, secret, progress, onStep }: BackupOptions,
): Promise<Manifest> {
  const { pool, db, clock, segments } = context;
  const { store } = place;
  const client = await pool.connect();
  try {
    if (!(await tryLockConnection(databaseOf(client), LOCK))) {
      throw conflict("Another backup of this database is just being made: wait for it.");
    }
    const storeMark = await readStoreMark(context);
    await claimPlace(place, segments.store, storeMark);
    const there = new Map<string, number>();
    for await (const file of store.list()) there.set(file.path, file.bytes);
    // What can't be read now may only have been joined with others meanwhile.
    await copySegments(segments, store, await listFiles(db), { there, progress });
    onStep?.("segments copied");

    const takenAt = clock.now();
    const id = `${takenAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z-${randomBytes(4).toString("hex")}`;
    const { segments: named, ...database } = await copyTables(client, store, { pool, id, scratch, progress });
    onStep?.("tables copied");
    const unreadable = await copySegments(segments, store, named, { there, progress });
    onStep?.("late segments copied");

    const put = (name: string, text: string) =>
      putText(store, text, { path: pathInBackup(id, name), localFile: path.join(scratch, name) });
    const lost = new Set(unreadable.map((segment) => segment.path));
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      id,
      cordwood: version,
      takenAt: takenAt.toISOString(),
      storeMark,
      ...database,
      segments: named.filter((segment) => !lost.has(segment.path)),
      unreadable,
      secret: secret === null ? null : await put("secret", secret),
    };
    await put(MANIFEST, `${JSON.stringify(manifest)}\n`);
    return manifest;
  } finally {
    // The lock ends with the connection, but the server may need a moment to see that.
    await unlockConnection(databaseOf(client), LOCK).catch(() => undefined);
    client.release(true);
  }
}

async function readStoreMark({ db }: BackupContext): Promise<string> {
  const [stored] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, STORE_SETTING));
  return z.string().parse(stored?.value);
}
