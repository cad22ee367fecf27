import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { moments } from "@/core/moments";
import { groupsOfText, type Minute } from "./group-lines";
import { bytesOfText, type JudgeMemory } from "./judge-memory";
import type { RunningAlert } from "./load-alerts";
import { joinMinute, type MinuteGroups } from "./minute-groups";
import { reachMsOf } from "./windows";

/** From when on what minutes gave to an alert is kept. */
export const keptFrom = ({ watch }: Pick<RunningAlert, "watch">, now: Date): Date =>
  floorTo(addMs(now, -reachMsOf(watch) - LIMITS.alertMinutesMs), MINUTE_MS);

/** Minutes of an alert that are wanted, by their starts in ms. */
export type WantedMinutes = { alert: RunningAlert; minutes: readonly number[] };

const minuteRow = z.object({
  alert_id: z.coerce.number(),
  bucket: z.coerce.date(),
  groups: z.string(),
  cut: z.coerce.number(),
});

/** @returns what is kept of minutes, of those in which there is something, by alert and the start of the minute in ms */
export async function readKept(
  transaction: Executor,
  memory: JudgeMemory,
  wanted: readonly WantedMinutes[],
): Promise<ReadonlyMap<number, ReadonlyMap<number, Minute>>> {
  const found = new Map<number, Map<number, Minute>>();
  const unknown: { alert: RunningAlert; from: number; to: number }[] = [];
  for (const { alert, minutes } of wanted) {
    const ofAlert = found.get(alert.id) ?? new Map<number, Minute>();
    found.set(alert.id, ofAlert);
    for (const minute of minutes) {
      const known = memory.minuteOf(alert, minute);
      if (known) ofAlert.set(minute, known);
      if (known !== undefined) continue;
      const last = unknown.at(-1);
      if (last?.alert === alert && last.to === minute) last.to = minute + MINUTE_MS;
      else unknown.push({ alert, from: minute, to: minute + MINUTE_MS });
    }
  }
  if (unknown.length === 0) return found;
  const result = await transaction.execute(sql`
    select known.alert_id, bucket, groups, cut from unnest(
      ${sql.param(unknown.map(({ alert }) => alert.id))}::bigint[],
      ${moments(unknown.map(({ from }) => from))},
      ${moments(unknown.map(({ to }) => to))}) as wanted (alert_id, since, until)
    join logs.alert_minutes as known on known.alert_id = wanted.alert_id and bucket >= since and bucket < until`);
  for (const { alert_id, bucket, groups, cut } of z.array(minuteRow).parse(result.rows)) {
    const minute = { groups: groupsOfText(groups), cut, bytes: bytesOfText(groups) };
    found.get(alert_id)?.set(bucket.getTime(), minute);
  }
  for (const { alert, from, to } of unknown) {
    const ofAlert = found.get(alert.id);
    for (let minute = from; minute < to; minute += MINUTE_MS) {
      memory.remember(alert, minute, ofAlert?.get(minute) ?? null);
    }
  }
  return found;
}

/**
 * Adds what new lines gave to what their minutes gave before. What is older than is kept is left to be computed of the lines.
 * @returns alerts for which that is too much, with the reason
 */
export async function keepMinutes(
  transaction: Executor,
  memory: JudgeMemory,
  alerts: readonly RunningAlert[],
  taken: ReadonlyMap<number, MinuteGroups>,
  now: Date,
): Promise<ReadonlyMap<number, string>> {
  const failed = new Map<number, string>();
  const changed = alerts.flatMap((alert) => {
    const from = keptFrom(alert, now).getTime();
    const groups = [...(taken.get(alert.id) ?? [])].filter(([minute]) => minute >= from);
    return groups.length === 0 ? [] : [{ alert, groups, minutes: groups.map(([minute]) => minute) }];
  });
  if (changed.length === 0) return failed;
  const before = await readKept(transaction, memory, changed);
  const rows: MinuteRow[] = [];
  for (const { alert, groups: ofAlert } of changed) {
    try {
      for (const [minute, more] of ofAlert) {
        const { groups, cut } = joinMinute(alert, more, before.get(alert.id)?.get(minute) ?? null);
        const text = JSON.stringify(groups);
        memory.remember(alert, minute, { groups, cut, bytes: bytesOfText(text) });
        rows.push({ id: alert.id, minute, text, cut });
      }
    } catch (error) {
      if (!isFault(error)) throw error;
      failed.set(alert.id, error.message);
    }
  }
  await writeMinutes(
    transaction,
    rows.filter(({ id }) => !failed.has(id)),
  );
  return failed;
}

type MinuteRow = { id: number; minute: number; text: string; cut: number };

async function writeMinutes(transaction: Executor, rows: readonly MinuteRow[]): Promise<void> {
  await transaction.execute(sql`
    insert into logs.alert_minutes as known (alert_id, bucket, groups, cut)
    select * from unnest(
      ${sql.param(rows.map(({ id }) => id))}::bigint[],
      ${moments(rows.map(({ minute }) => minute))},
      ${sql.param(rows.map(({ text }) => text))}::text[],
      ${sql.param(rows.map(({ cut }) => cut))}::bigint[])
    on conflict (alert_id, bucket) do update set groups = excluded.groups, cut = excluded.cut`);
}

/** Lets go of what no window needs any more: once a minute, as no more of it becomes old. */
export async function forgetMinutes(
  transaction: Executor,
  memory: JudgeMemory,
  alerts: readonly RunningAlert[],
  now: Date,
): Promise<void> {
  const minute = floorTo(now, MINUTE_MS).getTime();
  if (memory.forgotIn === minute) return;
  memory.forgotIn = minute;
  // One that was just taken for kept must still be there.
  const slackMs = 10 * MINUTE_MS;
  await transaction.execute(sql`
    delete from logs.alert_minutes as known using unnest(
      ${sql.param(alerts.map(({ id }) => id))}::bigint[],
      ${moments(alerts.map((alert) => addMs(keptFrom(alert, now), -slackMs)))}) as kept (alert_id, since)
    where known.alert_id = kept.alert_id and bucket < since`);
}
