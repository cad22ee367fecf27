import type { Context } from "@/core/context";
import { settings } from "@/db/schema";
import type { Health, Masking, Retention } from "./schemas";

/** What admins set, by the names under which it is stored. */
export type SettingValues = { health: Health; masking: Masking; retention: Retention };

/** Stores a setting. Instances follow within LIMITS.settingsCacheMs; this one at once when its Settings are told to forget. */
export async function changeSetting<Name extends keyof SettingValues>(
  { db, clock }: Context,
  name: Name,
  value: SettingValues[Name],
): Promise<void> {
  const row = { name, value, updatedAt: clock.now() };
  await db.insert(settings).values(row).onConflictDoUpdate({ target: settings.name, set: row });
}
