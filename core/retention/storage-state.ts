import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { settings } from "@/db/schema";
import { type StorageState, storageStateSchema } from "./schemas";

const NAME = "storage";

/** What the latest run found; null before the first. */
export async function readStorageState({ db }: Pick<Context, "db">): Promise<StorageState | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME));
  return row ? storageStateSchema.parse(row.value) : null;
}

export async function writeStorageState({ db, clock }: Context, value: StorageState): Promise<void> {
  const row = { name: NAME, value, updatedAt: clock.now() };
  await db.insert(settings).values(row).onConflictDoUpdate({ target: settings.name, set: row });
}
