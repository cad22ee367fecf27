import type { Context } from "@/core/context";
import type { Settings } from "@/core/settings/settings";
import { cutoffOf } from "./retention-plan";
import { readStorageState } from "./storage-state";

/**
 * From when on no entry is gone, neither by its retention nor for the room that it took: from then on counts by the hour and the day,
 * which stay when entries go, are those of entries that are there.
 */
export async function allKeptFrom({
  db,
  clock,
  settings,
}: Context & { settings: Pick<Settings, "retentionPlan"> }): Promise<Date> {
  const [{ shortestDays }, state] = await Promise.all([settings.retentionPlan(), readStorageState({ db })]);
  const cutoff = cutoffOf(clock.now(), shortestDays);
  const removed = new Date(state?.removed?.before ?? cutoff);
  return removed > cutoff ? removed : cutoff;
}
