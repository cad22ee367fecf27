import { Grouping } from "@/core/analytics/group-entries";
import { type Groups, groupsSchema } from "@/core/analytics/groups";
import type { Stats } from "@/core/analytics/pipe-tree";
import { Room } from "@/core/analytics/room";
import { UTC, ZoneClock } from "@/core/analytics/zone-clock";
import { MINUTE_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Computed } from "./load-alerts";
import { LINES } from "./read-alert-query";

const clock = new ZoneClock(UTC);

/** The memory that one alert may take: less than a computation that somebody waits for. */
class AlertRoom extends Room {
  private bytes = 0;

  override take(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes <= LIMITS.alertBytes) return;
    throw invalid("it needs more values in memory than there is room for: narrow the query, or group by less");
  }

  override giveBack(bytes: number): void {
    this.bytes -= bytes;
  }
}

/**
 * Puts lines of one alert into groups.
 * @param minutes that the whole is of
 */
export const groupingOf = ({ query, canonical }: Computed, minutes: number): Grouping =>
  new Grouping(query.stats, {
    stepMs: MINUTE_MS,
    // Which minutes they are makes no difference, as none of its groups is of a time.
    span: { from: 0, to: minutes * MINUTE_MS },
    canonical,
    clock,
    room: new AlertRoom(),
  });

/** What a minute gave: its groups, of which there are at most LIMITS.alertGroups, and how many lines are in those that were left out. */
export type CutGroups = { groups: Groups; cut: number };

/** The same as it is kept. @property bytes that it takes in memory, about */
export type Minute = CutGroups & { bytes: number };

/** Groups as logs.alert_minutes keeps them, in JSON. @throws Error for any other text */
export const groupsOfText = (text: string): Groups => groupsSchema.parse(JSON.parse(text));

/**
 * Leaves out groups for which there is no room: those that came last, of what came at once the last by name.
 * @param known come before all others
 */
export function cutGroups(stats: Stats, groups: Groups, known: Groups | null): CutGroups {
  const all = groups.groups;
  if (all.length <= LIMITS.alertGroups) return { groups, cut: 0 };
  const first = new Set((known?.groups ?? []).map(([keys]) => JSON.stringify(keys)));
  const named = all.map((group) => ({ group, name: JSON.stringify(group[0]) }));
  named.sort((one, other) => {
    const isKnown = Number(first.has(other.name)) - Number(first.has(one.name));
    return isKnown === 0 ? (one.name < other.name ? -1 : 1) : isKnown;
  });
  const place = stats.measures.findIndex(({ name }) => name === LINES);
  const cut = named.slice(LIMITS.alertGroups).reduce((sum, { group: [, states] }) => sum + Number(states[place]), 0);
  return { groups: { ...groups, groups: named.slice(0, LIMITS.alertGroups).map(({ group }) => group) }, cut };
}
