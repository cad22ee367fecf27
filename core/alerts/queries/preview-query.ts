import { addMs, DAY_MS, END_OF_TIME, floorTo, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { Pauses } from "@/core/pauses";
import type { EntriesContext } from "@/core/segments/segments";
import { withinTime } from "@/core/within-time";
import { groupMinutes } from "../incidents/group-minutes";
import { groupOfKey } from "./group-of-key";
import { judgeWindow } from "./judge-windows";
import { type Computed, computedOf } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";
import { readMinutes } from "./read-minutes";
import type { QueryPreview, QueryWatch } from "./schemas";
import { endsWithin, reachMsOf, stepMsOf } from "./windows";

const BARS = 96;
const TOP_GROUPS = 5;
/** Somebody waits for it. */
const WITHIN_MS = 10_000;

/**
 * What an alert would have done to the last day, by the same rules as it is judged.
 * @throws Fault invalid for a query that can't be watched, with its place, and for what takes too long
 */
export async function previewQuery(
  context: EntriesContext,
  watch: QueryWatch,
  signal?: AbortSignal,
): Promise<QueryPreview> {
  const { db, clock, turns } = context;
  const now = clock.now();
  const computed = await computedOf(db, watch);
  const to = floorTo(now, MINUTE_MS);
  const from = addMs(to, -DAY_MS);
  const since = addMs(from, -reachMsOf(watch));
  turns.stats.admit();
  return withinTime(
    { withinMs: WITHIN_MS, signal },
    async (ended) => {
      const read = () => readMinutes(context, computed, since, to, { signal: ended });
      const { groups } = await turns.stats.run(ended, read);
      return judgeDay(computed, groups, from, to, ended);
    },
    () => {
      throw invalid(`a preview of this takes longer than the ${WITHIN_MS / SECOND_MS} seconds that it may`);
    },
  );
}

async function judgeDay(
  computed: Computed,
  groups: MinuteGroups,
  from: Date,
  to: Date,
  signal: AbortSignal,
): Promise<QueryPreview> {
  const { watch } = computed;
  const pauses = new Pauses();
  const stepMs = stepMsOf(watch.window_minutes);
  const ends = endsWithin(stepMs, from.getTime(), to.getTime());
  const isBelow = watch.watch === "absence" || watch.comparison.startsWith("<");
  const bars: (number | null)[] = Array.from({ length: BARS }, () => null);
  const crossings = new Map<string, Date[]>();
  const seen = new Set<string>();
  for (const end of ends) {
    await pauses.pause(signal);
    const bar = Math.min(BARS - 1, Math.floor((end - 1 - from.getTime()) / (DAY_MS / BARS)));
    for (const { group, value, crosses } of judgeWindow(computed, groups, end)) {
      seen.add(group);
      const known = bars[bar] ?? null;
      bars[bar] = known === null ? value : isBelow ? Math.min(known, value) : Math.max(known, value);
      if (crosses) crossings.set(group, [...(crossings.get(group) ?? []), new Date(end - MINUTE_MS)]);
    }
  }
  const names = computed.query.stats.by.map(({ name }) => name);
  const reachMs = Math.max(watch.resolve_after_minutes * MINUTE_MS, stepMs);
  const counted = [...crossings].toSorted(([, one], [, other]) => other.length - one.length);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    computed: computed.query.text,
    windows: ends.length,
    crossings: counted.reduce((sum, [, minutes]) => sum + minutes.length, 0),
    // Long after: none of them matters any more.
    incidents: counted.reduce((sum, [, minutes]) => sum + groupMinutes(minutes, [], reachMs, END_OF_TIME).length, 0),
    groups: seen.size,
    bars: bars.map((value, bar) => ({ timestamp: addMs(from, (bar * DAY_MS) / BARS).toISOString(), value })),
    top_groups: counted
      .slice(0, TOP_GROUPS)
      .map(([group, minutes]) => ({ group: groupOfKey(group, names), crossings: minutes.length })),
  };
}
