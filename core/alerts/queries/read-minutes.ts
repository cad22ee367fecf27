import { sql } from "drizzle-orm";
import { z } from "zod";
import { canBeCounted, readCounts } from "@/core/analytics/count-groups";
import { Grouping } from "@/core/analytics/group-entries";
import type { Groups } from "@/core/analytics/groups";
import { optionsOf, type Question } from "@/core/analytics/question";
import { readSealed } from "@/core/analytics/read-sealed";
import { Room } from "@/core/analytics/room";
import { UTC, ZoneClock } from "@/core/analytics/zone-clock";
import { MINUTE_MS, SECOND_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { generate } from "@/core/generate";
import { LIMITS } from "@/core/limits";
import { currentSnapshot } from "@/core/realtime/commits";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { scopeOf } from "@/core/search/scope";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import type { Computed } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";

const FETCHED = 1_000;
/** Of counts only those by the minute are asked for. */
const NEVER = new Date(8_640_000_000_000_000);

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
  { withinMs = LIMITS.alertReadMs, signal: ended }: { withinMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<{ groups: MinuteGroups; snapshot: string }> {
  const timeUp = AbortSignal.timeout(withinMs);
  const signal = ended ? AbortSignal.any([ended, timeUp]) : timeUp;
  try {
    return await read(context, computed, from, to, signal);
  } catch (error) {
    if (!timeUp.aborted || ended?.aborted) throw error;
    throw invalid(`reading so much of the past takes longer than the ${withinMs / SECOND_MS} seconds that it may`);
  }
}

async function read(context: EntriesContext, computed: Computed, from: Date, to: Date, signal: AbortSignal) {
  const { query, stats, after } = computed.query;
  const clock = new ZoneClock(UTC);
  const question: Question = {
    stats: { ...stats, by: [...stats.by, { name: MINUTE, of: { kind: "time", stepMs: MINUTE_MS } }] },
    stepMs: MINUTE_MS,
    seconds: (to.getTime() - from.getTime()) / SECOND_MS,
    clock,
    grainMs: clock.grainOf(from.getTime(), to.getTime()),
    canonical: computed.canonical,
  };
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  const asked = { query, from, to, pipeline: { stats: question.stats, after }, allKeptFrom: NEVER };
  const scope = await scopeOf(context.db, asked);
  let segments: Segment[] = [];
  let snapshot = "";
  const hot = generate<EntryRow[]>((give) =>
    context.db.transaction(async (transaction) => {
      snapshot = await currentSnapshot(transaction);
      if (canBeCounted(asked, question)) {
        for (const { facts, weight } of await readCounts({ db: transaction }, asked, question)) {
          grouping.add(facts, weight);
        }
        return;
      }
      await transaction.execute(sql`
        declare watched no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
        where timestamp >= ${from}::timestamptz and timestamp < ${to}::timestamptz and ${scope.condition}`);
      segments = await listSegments(transaction, from, to);
      for (let isLast = false; !isLast; ) {
        signal.throwIfAborted();
        const { rows } = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from watched`);
        isLast = rows.length < FETCHED;
        await give(z.array(entryRowSchema).parse(rows));
      }
    }, ONE_SNAPSHOT),
  );
  for await (const rows of hot) for (const row of rows) grouping.addEntry(row);
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
