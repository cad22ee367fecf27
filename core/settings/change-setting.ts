import { eq, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { changedMeanwhile, type MadeFrom } from "@/core/made-from";
import { settings } from "@/db/schema";
import type { Health, Masking, Retention } from "./schemas";

/** What admins set, by the names under which it is stored. */
export type SettingValues = { health: Health; masking: Masking; retention: Retention };

/**
 * Stores a setting. Instances follow within LIMITS.settingsCacheMs; this one at once when its Settings are told to forget.
 * @returns its updated_at
 * @throws Fault conflict when it isn't any more what the change was made from; of two at the same time one gets it
 */
export async function changeSetting<Name extends keyof SettingValues>(
  { db, clock }: Context,
  name: Name,
  value: SettingValues[Name],
  madeFrom?: MadeFrom,
): Promise<string> {
  const row = { name, value, updatedAt: clock.now() };
  const [stored] = await db
    .insert(settings)
    .values(row)
    .onConflictDoUpdate({ target: settings.name, set: row, setWhere: isStill(madeFrom) })
    .returning();
  if (!stored) throw changedMeanwhile(`the settings of ${name}`);
  return stored.updatedAt.toISOString();
}

/** A row is there. */
function isStill(madeFrom: MadeFrom) {
  if (madeFrom === undefined) return undefined;
  return madeFrom === null ? sql`false` : eq(settings.updatedAt, madeFrom);
}
