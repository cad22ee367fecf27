import { readUntilAborted } from "@/core/cancel-on-abort";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { stepWidth } from "@/core/step-width";
import type { Turns } from "@/core/turns";
import { withinTime } from "@/core/within-time";
import { applyPipes } from "./apply-pipes";
import { canBeCounted, readCounts } from "./count-groups";
import { tableOfCounts } from "./count-table";
import { cutTable } from "./cut-table";
import { Grouping } from "./group-entries";
import { inOrder } from "./order-table";
import type { Stats } from "./pipe-tree";
import { optionsOf, type Question } from "./question";
import { readGroups } from "./read-groups";
import { fieldsOf, readCanonicalPatterns, resolveAsked } from "./resolve-stats";
import { Room } from "./room";
import type { StatsAnswer } from "./schemas";
import type { StatsAsked } from "./stats-asked";
import { UTC, ZoneClock } from "./zone-clock";

/** Widths of a step that nobody named. */
const STEPS_MS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  DAY_MS,
];

/**
 * What a query with pipes gives: the entries that it selects in groups, and what is done with the table of them. Exact, over
 * hot and sealed entries alike; counts of whole minutes by service and level are those that are kept already.
 * @throws Fault invalid when it takes too long or too much memory, too_busy when too many wait
 */
export async function getStats(context: EntriesContext, asked: StatsAsked): Promise<StatsAnswer> {
  const computedAt = context.clock.now();
  const resolved = await resolveAsked(context, asked);
  const { pipeline, from, to } = resolved;
  const question = await questionOf(context, resolved);
  const { stats, stepMs, clock } = question;
  const missing = new Missing();
  const found = canBeCounted(resolved, question)
    ? await sumCounts(context, resolved, question)
    : await groupEntries(context, resolved, question, missing);
  const table = applyPipes(inOrder(found.table, stats), pipeline.after);
  const { rows, cutGroups } = cutTable(table, stats, LIMITS.statsGroups);
  return {
    columns: table.columns,
    rows,
    total_rows: table.rows.length,
    cut_groups: cutGroups,
    entries: found.entries,
    not_numbers: found.notNumbers,
    sampled: false,
    step_seconds: stepMs === null ? null : stepMs / SECOND_MS,
    zone: clock.zone,
    from: from.toISOString(),
    to: to.toISOString(),
    computed_at: computedAt.toISOString(),
    ...missing.told(),
  };
}

async function questionOf(context: EntriesContext, { pipeline, from, to, zone = UTC }: StatsAsked): Promise<Question> {
  const { stats } = pipeline;
  const clock = new ZoneClock(zone);
  return {
    stats,
    stepMs: stepOf(stats, from, to),
    span: { from: from.getTime(), to: to.getTime() },
    clock,
    grainMs: clock.grainOf(from.getTime(), to.getTime()),
    canonical: await readCanonicalPatterns(context, fieldsOf(stats)),
  };
}

/** Null where nothing is grouped by time. */
export function stepOf({ by }: Pick<Stats, "by">, from: Date, to: Date): number | null {
  const time = by.flatMap(({ of }) => (of.kind === "time" ? [of] : []))[0];
  if (!time) return null;
  const length = to.getTime() - from.getTime();
  return time.stepMs ?? stepWidth(length, STEPS_MS);
}

/** From what is counted anyway. */
async function sumCounts(context: EntriesContext, asked: StatsAsked, question: Question) {
  const counts = await inTurn(context.turns.counts, asked, (signal) =>
    readUntilAborted(context.db, signal, (transaction) => readCounts({ db: transaction }, asked, question)),
  );
  return { ...tableOfCounts(counts, question), notNumbers: {} };
}

async function groupEntries(context: EntriesContext, asked: StatsAsked, question: Question, missing: Missing) {
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  await inTurn(context.turns.stats, asked, (signal) =>
    readGroups(context, asked, question, grouping, { missing, signal }),
  );
  const { entries, notNumbers } = grouping;
  return { table: grouping.table(), entries, notNumbers };
}

/** Works when it is its turn, and then no longer than it may: who waited has all of its time. */
async function inTurn<Result>(
  turns: Turns,
  { withinMs = LIMITS.statsMs, signal }: StatsAsked,
  work: (ended: AbortSignal) => Promise<Result>,
): Promise<Result> {
  turns.admit();
  const release = await turns.takeWithin({ withinMs: LIMITS.statsWaitMs, signal });
  try {
    return await withinTime({ withinMs, signal }, work, () => {
      throw invalid(
        `this takes longer than the ${withinMs / SECOND_MS} seconds that it may: narrow the query or its time`,
      );
    });
  } finally {
    release();
  }
}
