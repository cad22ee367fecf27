import { DAY_MS, floorTo } from "@/core/clock";
import type { Context } from "@/core/context";
import { aggregateLogsHourly } from "./aggregate-logs-hourly";
import { DAILY, type RollUpResult, rollUp } from "./roll-up";

/** Keeps stats_day and pattern_day, for UTC days that are over. Days are summed up from hours, so those come first. */
export async function aggregateLogsDaily(context: Context): Promise<RollUpResult> {
  await aggregateLogsHourly(context);
  return rollUp(context.db, DAILY, floorTo(context.clock.now(), DAY_MS));
}
