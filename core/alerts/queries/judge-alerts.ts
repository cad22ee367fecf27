import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Groups } from "@/core/analytics/groups";
import { addMs, DAY_MS, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { moments } from "@/core/moments";
import { Pauses } from "@/core/pauses";
import { keptOfQuery } from "@/core/retention/all-kept-from";
import type { EntriesContext } from "@/core/segments/segments";
import type { Settings } from "@/core/settings/settings";
import type { Minute } from "./group-lines";
import type { JudgeMemory } from "./judge-memory";
import { judgeWindow, thresholdOf } from "./judge-windows";
import { keptFrom, readKept, type WantedMinutes } from "./kept-minutes";
import { awayUntil, lastingSilences } from "./lasting-silences";
import { addLateWindows, readLateWindows, removeLateWindows } from "./late-windows";
import type { RunningAlert } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";
import { orReason } from "./or-reason";
import { readMinutes } from "./read-minutes";
import { stopAlert } from "./stop-alert";
import { type CrossedWindow, resolveWindows, shrinkIncidents, trackWindows } from "./track-windows";
import { againstMsOf, endsTouchedBy, endsWithin, reachMsOf, stepMsOf } from "./windows";

/** Windows of one alert that are judged in one go: after a long time without, the next follow. */
const MOST_WINDOWS = 500;
/** Minutes that are read at once, of one alert or of several. */
const MOST_MINUTES = 20_000;

/** What of an alert is to be judged: the ends of windows, in their order, and those of long ago, which wait for the others. */
type Due = {
  alert: RunningAlert;
  ends: readonly number[];
  late: readonly number[];
  judgedUntil: Date;
  isBehind: boolean;
};

/** Windows of one alert that need about the same minutes, and these; `old` are read from the lines. */
type Piece = WantedMinutes & { ends: readonly number[]; old: readonly Range[] };
type Range = { from: number; to: number };

type Crossed = { alert: RunningAlert; group: string; value: number; end: number };

export type JudgeAlertsContext = EntriesContext & {
  settings: Pick<Settings, "retentionPlan">;
  logger: Pick<Logger, "warn">;
};

export type AlertsJudged = {
  deliveries: string[];
  isBehind: boolean;
  /** By alert, which windows could not be judged. */
  leftOut: ReadonlyMap<number, string>;
};

/**
 * Judges the windows of alerts that have ended since, and again those that lines touched which came late; of numbers that can only
 * rise also the one that runs. Those of long ago wait for their turn, so that a month of lines that comes at once holds up nothing. What crosses is recorded and joined to incidents, what does so no more is taken away. What can't be
 * computed stops one alert, and says so; not the others. Windows of long ago whose lines can't be read stay as they were.
 * @param taken what new lines gave @param wholeUntil all lines that had come by then are taken
 */
export async function judgeAlerts(
  context: JudgeAlertsContext,
  transaction: Executor,
  memory: JudgeMemory,
  alerts: readonly RunningAlert[],
  taken: ReadonlyMap<number, MinuteGroups>,
  wholeUntil: Date,
  now: Date,
): Promise<AlertsJudged> {
  const pauses = new Pauses();
  const due: Due[] = [];
  for (const alert of alerts) {
    due.push(dueOf(alert, [...(taken.get(alert.id)?.keys() ?? [])], wholeUntil, now));
    await pauses.pause();
  }
  const away = await awayUntil(transaction, now);
  const judging: Judging = { context, transaction, memory, now, away, pauses, stopped: new Set(), leftOut: new Map() };
  const deliveries: string[] = [];
  const ofNow = due.flatMap(({ alert, ends }) => piecesOf(alert, ends, now));
  for (const pieces of readTogether(ofNow)) deliveries.push(...(await judgePieces(judging, pieces)));
  await addLateWindows(
    transaction,
    due.map(({ alert, late: ends }) => ({ alert, ends })),
  );
  const late = await judgeLate(judging, alerts);
  deliveries.push(...late.deliveries);
  const rest = due.filter(({ alert }) => !judging.stopped.has(alert.id));
  await keepJudged(transaction, rest);
  deliveries.push(...(await resolveWindows(transaction, rest, now)));
  const isBehind = late.areMore || rest.some((one) => one.isBehind);
  return { deliveries, isBehind, leftOut: judging.leftOut };
}

type Judging = {
  context: JudgeAlertsContext;
  transaction: Executor;
  memory: JudgeMemory;
  now: Date;
  /** Up to when this server was away, in ms since 1970. */
  away: number;
  pauses: Pauses;
  stopped: Set<number>;
  leftOut: Map<number, string>;
};

/** @returns ids of deliveries to be sent after commit */
async function judgePieces(judging: Judging, pieces: readonly Piece[]): Promise<string[]> {
  const { transaction, memory, now, stopped, leftOut } = judging;
  const kept = await readKept(transaction, memory, pieces);
  const judged: Piece[] = [];
  const crossed: Crossed[] = [];
  const problems = new Map<RunningAlert, string>();
  for (const piece of pieces) {
    const { alert } = piece;
    if (stopped.has(alert.id)) continue;
    const ofAlert = kept.get(alert.id) ?? new Map<number, Minute>();
    const minutes = await minutesOf(judging, piece, ofAlert);
    if (typeof minutes === "string") {
      leftOut.set(alert.id, unjudged(piece, minutes));
      continue;
    }
    const cut = new Set([...ofAlert].flatMap(([minute, known]) => (known.cut > 0 ? [minute] : [])));
    try {
      const crosses = await crossedOf(judging, piece, minutes, cut);
      crossed.push(...(alert.watch.watch === "absence" ? await silentOf(judging, piece, crosses, crossed) : crosses));
      judged.push(piece);
    } catch (error) {
      if (!isFault(error)) throw error;
      problems.set(alert, error.message);
      stopped.add(alert.id);
    }
  }
  const deliveries = await recordWindows(transaction, judged, crossed, now);
  // After what its windows before that one opened.
  for (const [{ row, query }, problem] of problems) {
    deliveries.push(...(await stopAlert(transaction, { row, lines: query.lines }, problem, now)));
  }
  return deliveries;
}

/** Judges windows of long ago again, for as long as those of now may wait. */
async function judgeLate(
  judging: Judging,
  alerts: readonly RunningAlert[],
): Promise<{ deliveries: string[]; areMore: boolean }> {
  const { transaction, now, stopped } = judging;
  const running = alerts.filter(({ id }) => !stopped.has(id));
  const { late, areMore } = await readLateWindows(transaction, running);
  const started = performance.now();
  const deliveries: string[] = [];
  const waiting = late.flatMap(({ alert, ends }) => {
    // A change holds for windows that end after it.
    const valid = ends.filter((end) => end > alert.row.validFrom.getTime());
    return piecesOf(alert, valid, now);
  });
  const done: Piece[] = [];
  for (const piece of waiting) {
    if (performance.now() - started > LIMITS.alertLateMs) break;
    deliveries.push(...(await judgePieces(judging, [piece])));
    done.push(piece);
  }
  const isDone = done.length === waiting.length;
  await removeLateWindows(transaction, isDone ? late : done);
  return { deliveries, areMore: areMore || !isDone };
}

/** @param changed starts of minutes of which there are new lines, in ms */
function dueOf(alert: RunningAlert, changed: readonly number[], wholeUntil: Date, now: Date): Due {
  const { row, query } = alert;
  const stepMs = stepMsOf(row.windowMinutes);
  const until = addMs(wholeUntil, -LIMITS.alertGraceMs).getTime();
  const judged = row.judgedUntil.getTime();
  const firstKept = firstKeptOf(alert, now);
  const ended = endsWithin(stepMs, judged, until);
  // After hours in which nobody judged, they are read from the lines.
  const late = ended.filter((end) => end < firstKept);
  const over = ended.slice(late.length);
  const taken = over.slice(0, MOST_WINDOWS);
  const isBehind = taken.length < over.length;
  const judgedUntil = new Date(isBehind ? (taken.at(-1) ?? judged) : (ended.at(-1) ?? judged));
  const running = query.isRising && !isBehind ? Math.ceil((now.getTime() + 1) / stepMs) * stepMs : 0;
  const ends = new Set(taken);
  for (const end of endsTouchedBy(changed, alert.watch)) {
    if (end <= row.validFrom.getTime()) continue;
    if (end <= judged && end < firstKept) late.push(end);
    else if (end <= judged || (end > until && end <= running)) ends.add(end);
  }
  return { alert, ends: [...ends].sort((one, other) => one - other), late, judgedUntil, isBehind };
}

/** The end of the first window all of whose minutes are kept, in ms. */
const firstKeptOf = (alert: RunningAlert, now: Date): number => keptFrom(alert, now).getTime() + reachMsOf(alert.watch);

/** Windows of at most a day each; those of long ago by themselves, as they may be left out. */
function piecesOf(alert: RunningAlert, ends: readonly number[], now: Date): Piece[] {
  const kept = keptFrom(alert, now).getTime();
  const firstKept = firstKeptOf(alert, now);
  const pieces: number[][] = [];
  for (const end of ends) {
    const first = pieces.at(-1)?.[0];
    if (first !== undefined && end - first < DAY_MS && (first >= firstKept || end < firstKept))
      pieces.at(-1)?.push(end);
    else pieces.push([end]);
  }
  return pieces.map((piece) => {
    const ranges = rangesOf(alert, piece);
    const minutes = ranges.flatMap(({ from, to }) => (from < kept ? [] : endsWithin(MINUTE_MS, from - 1, to - 1)));
    return { alert, ends: piece, minutes, old: ranges.filter(({ from }) => from < kept) };
  });
}

/** So many that their minutes may be in memory at once; of an alert with several its pieces stay in their order. */
function readTogether(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let minutes = 0;
  for (const piece of pieces) {
    minutes += piece.minutes.length;
    const group = groups.at(-1);
    if (group && minutes <= MOST_MINUTES) group.push(piece);
    else {
      groups.push([piece]);
      minutes = piece.minutes.length;
    }
  }
  return groups;
}

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

const unjudged = ({ ends }: Piece, reason: string): string => {
  const [first, last] = [ends[0], ends.at(-1)].map((end) => new Date(end ?? 0).toISOString());
  return `windows that ended from ${first} to ${last} could not be judged with lines that came late: ${reason}`;
};

/**
 * What the minutes of a piece gave, or why that can't be told: of what is gone since the entries that are left would tell something else,
 * and what can't be read for one alert must not hold up the others.
 * @param kept what is known of them; of long ago it is computed of the lines
 */
async function minutesOf(
  { context }: Judging,
  { alert, old }: Piece,
  kept: ReadonlyMap<number, Minute>,
): Promise<MinuteGroups | string> {
  const minutes = new Map<number, Groups>();
  for (const [minute, { groups }] of kept) minutes.set(minute, groups);
  if (old.length === 0) return minutes;
  const allKept = (await keptOfQuery(context, alert.query.query)).getTime();
  if (old.some(({ from }) => from < allKept)) return "some entries of that time are gone";
  for (const { from, to } of old) {
    const read = await orReason(context, alert, () => readMinutes(context, alert, new Date(from), new Date(to)));
    if ("reason" in read) return read.reason;
    for (const [minute, found] of read.groups) minutes.set(minute, found);
  }
  return minutes;
}

/** What crosses of the windows of a piece. */
async function crossedOf(
  { pauses }: Judging,
  { alert, ends }: Piece,
  minutes: MinuteGroups,
  cut: ReadonlySet<number>,
): Promise<Crossed[]> {
  const crossed: Crossed[] = [];
  for (const end of ends) {
    for (const { group, value, crosses } of judgeWindow(alert, minutes, end, cut)) {
      if (crosses) crossed.push({ alert, group, value, end });
    }
    await pauses.pause();
  }
  return crossed;
}

/** @param empty the windows of the piece in which nothing came @param before what crosses of pieces before it */
async function silentOf(
  { transaction, away }: Judging,
  { alert, ends }: Piece,
  empty: readonly Crossed[],
  before: readonly Crossed[],
): Promise<Crossed[]> {
  const known = [...before.filter((one) => one.alert === alert), ...empty];
  const lasting = await lastingSilences(transaction, alert, ends, new Set(known.map(({ end }) => end)), away);
  return empty.filter(({ end }) => lasting.has(end));
}

const goneRow = z.object({ incident_id: z.coerce.number().nullable() });
const recordedRow = z.object({
  alert_id: z.coerce.number(),
  group_key: z.string(),
  ends_at: z.coerce.date(),
  fresh: z.boolean(),
});

/** @param judged the windows that were looked at @param crossed what crosses in them */
async function recordWindows(
  transaction: Executor,
  judged: readonly Piece[],
  crossed: readonly Crossed[],
  now: Date,
): Promise<string[]> {
  const windows = judged.flatMap(({ alert: { id }, ends }) => ends.map((end) => ({ id, end })));
  if (windows.length === 0) return [];
  const times = (all: readonly { end: number }[]) => moments(all.map(({ end }) => end));
  const rows = sql`unnest(
    ${sql.param(crossed.map(({ alert }) => alert.id))}::bigint[],
    ${times(crossed)},
    ${sql.param(crossed.map(({ group }) => group))}::text[],
    ${sql.param(crossed.map(({ value }) => value))}::float8[],
    ${sql.param(crossed.map(({ alert }) => thresholdOf(alert.watch)))}::float8[])
    as crossed (alert_id, ends_at, group_key, value, threshold)`;
  const gone = await transaction.execute(sql`
    delete from logs.alert_windows as known
    using unnest(${sql.param(windows.map(({ id }) => id))}::bigint[], ${times(windows)}) as judged (alert_id, ends_at)
    where known.alert_id = judged.alert_id and known.ends_at = judged.ends_at and not exists (
      select from ${rows} where crossed.alert_id = known.alert_id and crossed.ends_at = known.ends_at
        and crossed.group_key = known.group_key)
    returning incident_id`);
  const shrunk = z.array(goneRow).parse(gone.rows);
  await shrinkIncidents(transaction, [...new Set(shrunk.flatMap(({ incident_id }) => incident_id ?? []))]);
  if (crossed.length === 0) return [];
  const recorded = await transaction.execute(sql`
    insert into logs.alert_windows as known (alert_id, ends_at, group_key, value, threshold)
    select alert_id, ends_at, group_key, value, threshold from ${rows}
    on conflict (alert_id, ends_at, md5(group_key)) do update set value = excluded.value, threshold = excluded.threshold
    returning alert_id, group_key, ends_at, incident_id is null as fresh`);
  const fresh = new Map<number, CrossedWindow[]>();
  for (const { alert_id, group_key: group, ends_at, fresh: isFresh } of z.array(recordedRow).parse(recorded.rows)) {
    if (isFresh) fresh.set(alert_id, [...(fresh.get(alert_id) ?? []), { group, end: ends_at.getTime() }]);
  }
  const deliveries: string[] = [];
  for (const alert of new Set(judged.map((piece) => piece.alert))) {
    const ofAlert = fresh.get(alert.id);
    if (ofAlert) deliveries.push(...(await trackWindows(transaction, alert, ofAlert, now)));
  }
  return deliveries;
}

async function keepJudged(transaction: Executor, due: readonly Due[]): Promise<void> {
  const moved = due.filter(({ alert: { row }, judgedUntil }) => row.judgedUntil.getTime() !== judgedUntil.getTime());
  if (moved.length === 0) return;
  await transaction.execute(sql`
    update logs.alert_queries as alert set judged_until = judged.until from unnest(
      ${sql.param(moved.map(({ alert }) => alert.id))}::bigint[],
      ${moments(moved.map(({ judgedUntil }) => judgedUntil))}) as judged (id, until)
    where alert.id = judged.id`);
}
