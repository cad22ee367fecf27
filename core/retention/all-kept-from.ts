import type { Context } from "@/core/context";
import type { Settings } from "@/core/settings/settings";
import { cutoffOf } from "./retention-plan";
import { readExpiredBefore, readStorageState } from "./storage-state";

/**
 * From when on no entry is gone, neither by its retention (the one that holds, or one that held) nor for the room that it took: from then on counts by the hour and the day,
 * which stay when entries go, are those of entries that are there.
 */
export async function allKeptFrom({
  db,
  clock,
  settings,
}: Context & { settings: Pick<Settings, "retentionPlan"> }): Promise<Date> {
  const [{ shortestDays }, state, expired] = await Promise.all([
    settings.retentionPlan(),
    readStorageState({ db }),
    readExpiredBefore({ db }),
  ]);
  const removed = state?.removed ? new Date(state.removed.before) : null;
  return latestOf([cutoffOf(clock.now(), shortestDays), removed, expired]);
}

const latestOf = (times: readonly (Date | null)[]): Date =>
  new Date(Math.max(...times.map((time) => time?.getTime() ?? Number.NEGATIVE_INFINITY)));
