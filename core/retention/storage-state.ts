import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { settings } from "@/db/schema";
import { type StorageState, storageStateSchema } from "./schemas";

const NAME = "storage";
const EXPIRED_NAME = "expired";

/** What the latest run found; null before the first. */
export async function readStorageState({ db }: Pick<Context, "db">): Promise<StorageState | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME));
  return row ? storageStateSchema.parse(row.value) : null;
}

/** Takes the place of what the run before found. */
export async function writeStorageState({ db, clock }: Context, value: StorageState): Promise<void> {
  const row = { name: NAME, value, updatedAt: clock.now() };
  await db.insert(settings).values(row).onConflictDoUpdate({ target: settings.name, set: row });
}

/** Entries from before this may be gone as their retention was over, also after it was made longer again; null before the first run. */
export async function readExpiredBefore({ db }: Pick<Context, "db">): Promise<Date | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, EXPIRED_NAME));
  return row ? z.coerce.date().parse(row.value) : null;
}

/** Notes that entries from before a time go. It never gets earlier: they don't come back. */
export async function noteExpiredBefore({ db, clock }: Context, before: Date): Promise<void> {
  const row = { name: EXPIRED_NAME, value: before.toISOString(), updatedAt: clock.now() };
  await db
    .insert(settings)
    .values(row)
    .onConflictDoUpdate({
      target: settings.name,
      set: row,
      setWhere: sql`(${settings.value} #>> '{}')::timestamptz < ${before}::timestamptz`,
    });
}
