import { formatInZone } from "@/core/zoned-time";
import type { QuietHours } from "../shared-schemas";

/** Whether the clocks of the zone show a time from `from`, inclusive, to `to`, exclusive; over midnight where that is not later. */
export function isQuiet({ from, to, time_zone }: QuietHours, now: Date): boolean {
  const time = formatInZone(now.getTime(), time_zone, "HH:mm");
  return from < to ? time >= from && time < to : time >= from || time < to;
}
