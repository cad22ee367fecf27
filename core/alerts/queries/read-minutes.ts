import { canBeCounted, groupCounts } from "@/core/analytics/count-groups";
import { Grouping } from "@/core/analytics/group-entries";
import type { Groups } from "@/core/analytics/groups";
import { optionsOf, type Question } from "@/core/analytics/question";
import { readHot } from "@/core/analytics/read-hot";
import { readSealed } from "@/core/analytics/read-sealed";
import { Room } from "@/core/analytics/room";
import { UTC, ZoneClock } from "@/core/analytics/zone-clock";
import { readUntilAborted } from "@/core/cancel-on-abort";
import { END_OF_TIME, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { committedSnapshot } from "@/core/realtime/commits";
import { scopeOf } from "@/core/search/scope";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { type TimeLimit, withinTime } from "@/core/within-time";
import type { Computed } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";

/**
 * What the lines of a time gave to an alert, minute by minute, as one snapshot of the database shows them.
 * @param from a whole minute, as `to`, which is exclusive
 * @throws Fault invalid when it takes too long or too much memory, or some of it can't be read
 */
export async function readMinutes(
  context: EntriesContext,
  computed: Computed,
  from: Date,
  to: Date,
  { signal }: Pick<TimeLimit, "signal"> = {},
): Promise<{ groups: MinuteGroups; snapshot: string }> {
  const withinMs = LIMITS.alertReadMs;
  return withinTime(
    { withinMs, signal },
    (ended) => read(context, computed, from, to, ended),
    () => {
      throw invalid(`reading so much of the past takes longer than the ${withinMs / SECOND_MS} seconds that it may`);
    },
  );
}

async function read(context: EntriesContext, computed: Computed, from: Date, to: Date, signal: AbortSignal) {
  const { query, stats, after } = computed.query;
  const clock = new ZoneClock(UTC);
  const question: Question = {
    stats: { ...stats, by: [...stats.by, { name: MINUTE, of: { kind: "time", stepMs: MINUTE_MS } }] },
    stepMs: MINUTE_MS,
    span: { from: from.getTime(), to: to.getTime() },
    clock,
    grainMs: clock.grainOf(from.getTime(), to.getTime()),
    canonical: computed.canonical,
  };
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  // Of counts only those by the minute are asked for.
  const asked = { query, from, to, pipeline: { stats: question.stats, after }, allKeptFrom: END_OF_TIME };
  const { segments, scope, snapshot } = await readUntilAborted(context.db, signal, async (transaction) => {
    const seen = await committedSnapshot(transaction);
    // By the same snapshot: of a service that is new a moment later, the lines are not among these.
    const scope = await scopeOf(transaction, asked);
    if (canBeCounted(asked, question)) {
      await groupCounts({ db: transaction }, asked, question, grouping);
      return { segments: [], scope, snapshot: seen };
    }
    await readHot(transaction, { scope, sought: asked, question, grouping, signal });
    return { segments: await listSegments(transaction, from, to), scope, snapshot: seen };
  });
  const missing = new Missing();
  const sealed = { segments, scope: scope.sealed, span: spanOf(from, to), query, missing, signal };
  await readSealed(context, sealed, question, grouping);
  if (!missing.isNothing) throw invalid("some of what came before is in segments that can't be read");
  return { groups: byMinute(grouping.taken()), snapshot };
}

/** A name that nobody can write. */
const MINUTE = "\0minute";

function byMinute({ groups }: Groups): MinuteGroups {
  const minutes = new Map<number, Groups["groups"][number][]>();
  for (const [keys, states] of groups) {
    const minute = Date.parse(String(keys.at(-1)));
    const known = minutes.get(minute) ?? [];
    known.push([keys.slice(0, -1), states]);
    minutes.set(minute, known);
  }
  return new Map([...minutes].map(([minute, ofMinute]) => [minute, { entries: 0, leftOut: [], groups: ofMinute }]));
}
