import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import type { QueryNode } from "@/core/search/query/query-tree";
import { requiredOf } from "@/core/search/query/required";
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

/**
 * From when on no entry that a query selects is gone, by the retention that holds for its levels and services, or for the room that it took. A
 * retention that was made longer may have taken some of later, which nothing tells by level and service.
 */
export async function keptOfQuery(
  { db, clock, settings }: Context & { settings: Pick<Settings, "retentionPlan"> },
  query: QueryNode,
): Promise<Date> {
  const [plan, state] = await Promise.all([settings.retentionPlan(), readStorageState({ db })]);
  const { levels, services } = requiredOf(query, plan.services);
  const days = plan.shortestOf(levels?.length ? levels : LEVELS, services ?? plan.services);
  return latestOf([cutoffOf(clock.now(), days), state?.removed ? new Date(state.removed.before) : null]);
}

const latestOf = (times: readonly (Date | null)[]): Date =>
  new Date(Math.max(...times.map((time) => time?.getTime() ?? Number.NEGATIVE_INFINITY)));
