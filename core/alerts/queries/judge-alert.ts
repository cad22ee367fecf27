import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Groups } from "@/core/analytics/groups";
import { addMs, DAY_MS, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import type { EntriesContext } from "@/core/segments/segments";
import { groupsOfText } from "./group-lines";
import { judgeWindow } from "./judge-windows";
import { keptFrom } from "./keep-minutes";
import type { RunningAlert } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";
import { readMinutes } from "./read-minutes";
import { type CrossedWindow, resolveWindows, shrinkIncidents, trackWindows } from "./track-windows";
import { againstMsOf, endsTouchedBy, endsWithin, stepMsOf } from "./windows";

/** Windows that are judged in one go: after a long time without, the next follow. */
const MOST_WINDOWS = 500;

const windowRow = z.object({ group_key: z.string(), ends_at: z.coerce.date(), fresh: z.boolean() });

export type AlertJudged = { deliveries: string[]; isBehind: boolean };

/**
 * Judges the windows of an alert that have ended since, and again those that lines touched which came late; of numbers that can only
 * rise also the one that runs. What crosses is recorded and joined to incidents, what does so no more is taken away.
 * @param changed starts of minutes of which there are new lines, in ms
 * @param wholeUntil all lines that had come by then are taken
 */
export async function judgeAlert(
  context: EntriesContext,
  transaction: Executor,
  alert: RunningAlert,
  changed: readonly number[],
  wholeUntil: Date,
  now: Date,
): Promise<AlertJudged> {
  const { row, query } = alert;
  const stepMs = stepMsOf(row.windowMinutes);
  const until = addMs(wholeUntil, -LIMITS.alertGraceMs).getTime();
  const judged = row.judgedUntil.getTime();
  const due = endsWithin(stepMs, judged, until);
  const taken = due.slice(0, MOST_WINDOWS);
  const isBehind = taken.length < due.length;
  const judgedUntil = new Date(isBehind ? (taken.at(-1) ?? judged) : Math.max(judged, due.at(-1) ?? judged));
  const running = query.isRising && !isBehind ? Math.ceil((now.getTime() + 1) / stepMs) * stepMs : 0;
  const touched = changed
    .flatMap((minute) => endsTouchedBy(minute, alert.watch))
    .filter((end) => end > row.validFrom.getTime() && (end <= judged || (end > until && end <= running)));
  const ends = [...new Set([...taken, ...touched])].sort((one, other) => one - other);
  const deliveries: string[] = [];
  for (const piece of piecesOf(ends)) {
    const minutes = await minutesOf(context, transaction, alert, piece, now);
    deliveries.push(...(await recordWindows(transaction, alert, piece, minutes, now)));
  }
  await transaction.execute(
    sql`update logs.alert_queries set judged_until = ${judgedUntil}::timestamptz where id = ${alert.id}`,
  );
  deliveries.push(...(await resolveWindows(transaction, alert, judgedUntil, now)));
  return { deliveries, isBehind };
}

/** Windows that need about the same minutes, of at most a day. */
function piecesOf(ends: readonly number[]): number[][] {
  const pieces: number[][] = [];
  for (const end of ends) {
    const piece = pieces.at(-1);
    if (piece?.[0] !== undefined && end - piece[0] < DAY_MS) piece.push(end);
    else pieces.push([end]);
  }
  return pieces;
}

type Range = { from: number; to: number };

/** The times that windows look at; those that meet are one. */
function rangesOf({ row, watch }: RunningAlert, ends: readonly number[]): Range[] {
  const windowMs = row.windowMinutes * MINUTE_MS;
  const againstMs = againstMsOf(watch);
  const all = [...new Set([...ends, ...(againstMs === 0 ? [] : ends.map((end) => end - againstMs))])]
    .sort((one, other) => one - other)
    .map((end) => ({ from: end - windowMs, to: end }));
  const ranges: Range[] = [];
  for (const range of all) {
    const before = ranges.at(-1);
    if (before && range.from <= before.to) before.to = Math.max(before.to, range.to);
    else ranges.push({ ...range });
  }
  return ranges;
}

/** What the minutes of windows gave: as it is kept, or of long ago computed of the lines. */
async function minutesOf(
  context: EntriesContext,
  transaction: Executor,
  alert: RunningAlert,
  ends: readonly number[],
  now: Date,
): Promise<MinuteGroups> {
  const ranges = rangesOf(alert, ends);
  const minutes = new Map<number, Groups>();
  const kept = keptFrom(alert, now);
  const old = ranges.filter(({ from }) => from < kept.getTime());
  for (const { from, to } of old) {
    const { groups } = await readMinutes(context, alert, new Date(from), new Date(to));
    for (const [minute, found] of groups) minutes.set(minute, found);
  }
  const others = ranges.filter(({ from }) => from >= kept.getTime());
  if (others.length === 0) return minutes;
  const within: SQL[] = others.map(
    ({ from, to }) => sql`(bucket >= ${new Date(from)}::timestamptz and bucket < ${new Date(to)}::timestamptz)`,
  );
  const result = await transaction.execute(sql`
    select bucket, groups from logs.alert_minutes where alert_id = ${alert.id} and (${sql.join(within, sql` or `)})`);
  for (const { bucket, groups } of z.array(minuteRow).parse(result.rows)) {
    minutes.set(bucket.getTime(), groupsOfText(groups));
  }
  return minutes;
}

const minuteRow = z.object({ bucket: z.coerce.date(), groups: z.string() });

async function recordWindows(
  transaction: Executor,
  alert: RunningAlert,
  ends: readonly number[],
  minutes: MinuteGroups,
  now: Date,
): Promise<string[]> {
  const { watch } = alert;
  const crossed = ends.flatMap((end) =>
    judgeWindow(alert, minutes, end)
      .filter(({ crosses }) => crosses)
      .map(({ group, value }) => ({ group, value, end })),
  );
  const times = sql.param(ends.map((end) => new Date(end).toISOString()));
  const rows = sql`unnest(
    ${sql.param(crossed.map(({ end }) => new Date(end).toISOString()))}::timestamptz[],
    ${sql.param(crossed.map(({ group }) => group))}::text[],
    ${sql.param(crossed.map(({ value }) => value))}::float8[]) as crossed (ends_at, group_key, value)`;
  const gone = await transaction.execute(sql`
    delete from logs.alert_windows as known
    where alert_id = ${alert.id} and ends_at = any(${times}::timestamptz[]) and not exists (
      select from ${rows} where crossed.ends_at = known.ends_at and crossed.group_key = known.group_key)
    returning incident_id`);
  const shrunk = z.array(z.object({ incident_id: z.coerce.number().nullable() })).parse(gone.rows);
  await shrinkIncidents(transaction, [...new Set(shrunk.flatMap(({ incident_id }) => incident_id ?? []))]);
  if (crossed.length === 0) return [];
  const recorded = await transaction.execute(sql`
    insert into logs.alert_windows as known (alert_id, ends_at, group_key, value, threshold)
    select ${alert.id}, ends_at, group_key, value, ${watch.threshold}::float8 from ${rows}
    on conflict (alert_id, ends_at, group_key) do update set value = excluded.value, threshold = excluded.threshold
    returning group_key, ends_at, incident_id is null as fresh`);
  const fresh: CrossedWindow[] = z
    .array(windowRow)
    .parse(recorded.rows)
    .flatMap(({ group_key: group, ends_at, fresh: isFresh }) => (isFresh ? [{ group, end: ends_at.getTime() }] : []));
  return trackWindows(transaction, alert, fresh, now);
}
