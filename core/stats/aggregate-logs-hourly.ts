import { floorTo, HOUR_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { HOURLY, type RollUpResult, rollUp } from "./roll-up";

/** Keeps stats_hour and pattern_hour: every hour that is over, whenever it was last run, and late entries corrected. */
export function aggregateLogsHourly({ db, clock }: Context): Promise<RollUpResult> {
  return rollUp(db, HOURLY, floorTo(clock.now(), HOUR_MS));
}
