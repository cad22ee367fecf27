import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";

/** Columns id, first_at, last_at, and whether resolved_at is there as `resolved`. */
export const knownIncidentRow = z.object({
  id: z.coerce.number(),
  first_at: z.coerce.date(),
  last_at: z.coerce.date(),
  resolved: z.boolean(),
});

export type KnownIncident = z.infer<typeof knownIncidentRow>;

/** Minutes that belong together; `known` are the incidents that they extend, several when they bridge what lay between. */
export type MinuteGroup = { known: readonly KnownIncident[]; firstAt: Date; lastAt: Date; minutes: readonly Date[] };

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
    groups = [...groups.filter((group) => !joined.includes(group)), join(joined, minute)];
  }
  return groups.filter((group) => group.minutes.length > 0);
}

const isOpen = ({ known }: MinuteGroup) => known.some(({ resolved }) => !resolved);

function join(groups: readonly MinuteGroup[], minute: Date): MinuteGroup {
  const times = [minute, ...groups.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt])].map((time) => time.getTime());
  return {
    known: groups.flatMap(({ known }) => known),
    firstAt: new Date(Math.min(...times)),
    lastAt: new Date(Math.max(...times)),
    minutes: [...groups.flatMap(({ minutes }) => minutes), minute],
  };
}
