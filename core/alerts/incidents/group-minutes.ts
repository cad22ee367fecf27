import { max, min } from "date-fns";
import { z } from "zod";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";

/** Columns id, first_at, last_at, crossed_at or else last_at, and whether resolved_at is there as `resolved`. */
export const knownIncidentRow = z.object({
  id: z.coerce.number(),
  first_at: z.coerce.date(),
  last_at: z.coerce.date(),
  crossed_at: z.coerce.date(),
  resolved: z.boolean(),
});

export type KnownIncident = z.infer<typeof knownIncidentRow>;

/**
 * Minutes that belong together; `known` are the incidents that they extend, several when they bridge what lay between. `crossedAt` is the
 * last of them, or what lastCrossing says where that one is still ahead: a host's clock may be hours ahead, and what it tells is over when
 * it tells no more.
 */
export type MinuteGroup = {
  known: readonly KnownIncident[];
  firstAt: Date;
  lastAt: Date;
  crossedAt: Date;
  minutes: readonly Date[];
};

/** @returns the last minute that counts as one in which something crosses now: the next one, as clocks differ by up to a minute */
export const lastCrossing = (now: Date): Date => addMs(floorTo(now, MINUTE_MS), MINUTE_MS);

/**
 * Puts new minutes to the incidents that they belong to, or together.
 * @param minutes in order of time
 * @param known those of the subject that are open, or at most `reachMs` away from a minute
 */
export function groupMinutes(
  minutes: readonly Date[],
  known: readonly KnownIncident[],
  reachMs: number,
  now: Date,
): MinuteGroup[] {
  const matters = (minute: Date) => addMs(minute, MINUTE_MS + reachMs) > now;
  let groups: MinuteGroup[] = known.map((incident) => ({
    known: [incident],
    firstAt: incident.first_at,
    lastAt: incident.last_at,
    crossedAt: incident.crossed_at,
    minutes: [],
  }));
  for (const minute of minutes) {
    const near = groups.filter(
      ({ firstAt, lastAt }) => minute >= addMs(firstAt, -reachMs) && minute <= addMs(lastAt, reachMs),
    );
    let joined = near;
    if (matters(minute)) {
      // Only one incident of a subject is open at a time: what matters now joins it, however far ahead its time is.
      const open = groups.filter(isOpen);
      const fresh = groups.filter(
        (group) => group.known.length === 0 && (near.includes(group) || matters(group.lastAt)),
      );
      joined = open.length > 0 ? [...new Set([...open, ...near])] : fresh;
    }
    groups = [...groups.filter((group) => !joined.includes(group)), join(joined, minute, now)];
  }
  return groups.filter((group) => group.minutes.length > 0);
}

const isOpen = ({ known }: MinuteGroup) => known.some(({ resolved }) => !resolved);

function join(groups: readonly MinuteGroup[], minute: Date, now: Date): MinuteGroup {
  return {
    known: groups.flatMap(({ known }) => known),
    firstAt: min([minute, ...groups.map(({ firstAt }) => firstAt)]),
    lastAt: max([minute, ...groups.map(({ lastAt }) => lastAt)]),
    crossedAt: max([min([minute, lastCrossing(now)]), ...groups.map(({ crossedAt }) => crossedAt)]),
    minutes: [...groups.flatMap(({ minutes }) => minutes), minute],
  };
}
