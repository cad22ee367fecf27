import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { groupsOfText, type Minute } from "./group-lines";
import type { RunningAlert } from "./load-alerts";
import { joinMinute, type MinuteGroups } from "./minute-groups";
import { reachMsOf } from "./windows";

/** From when on what minutes gave to an alert is kept. */
export const keptFrom = ({ watch }: RunningAlert, now: Date): Date =>
  floorTo(addMs(now, -reachMsOf(watch) - LIMITS.alertMinutesMs), MINUTE_MS);

const minuteRow = z.object({
  alert_id: z.coerce.number(),
  bucket: z.coerce.date(),
  groups: z.string(),
  cut: z.coerce.number(),
});

/** Adds what new lines gave to what their minutes gave before. What is older than is kept is left to be computed of the lines. */
export async function keepMinutes(
  transaction: Executor,
  alerts: readonly RunningAlert[],
  taken: ReadonlyMap<number, MinuteGroups>,
  now: Date,
): Promise<void> {
  const changed = alerts.flatMap((alert) => {
    const from = keptFrom(alert, now).getTime();
    return [...(taken.get(alert.id) ?? [])].flatMap(([minute, groups]) =>
      minute >= from ? [{ alert, minute, groups }] : [],
    );
  });
  if (changed.length === 0) return;
  const found = await transaction.execute(sql`
    select alert_id, bucket, groups, cut from logs.alert_minutes where (alert_id, bucket) in (select * from unnest(
      ${sql.param(changed.map(({ alert }) => alert.id))}::bigint[],
      ${sql.param(changed.map(({ minute }) => new Date(minute).toISOString()))}::timestamptz[]))`);
  const known = new Map<string, Minute>();
  for (const row of z.array(minuteRow).parse(found.rows)) {
    known.set(`${row.alert_id} ${row.bucket.getTime()}`, { groups: groupsOfText(row.groups), cut: row.cut });
  }
  const rows = changed.map(({ alert, minute, groups: more }) => {
    const { groups, cut } = joinMinute(alert, more, known.get(`${alert.id} ${minute}`) ?? null);
    return { id: alert.id, minute, text: JSON.stringify(groups), cut };
  });
  await writeMinutes(transaction, rows);
}

type MinuteRow = { id: number; minute: number; text: string; cut: number };

async function writeMinutes(transaction: Executor, rows: readonly MinuteRow[]): Promise<void> {
  await transaction.execute(sql`
    insert into logs.alert_minutes as known (alert_id, bucket, groups, cut)
    select * from unnest(
      ${sql.param(rows.map(({ id }) => id))}::bigint[],
      ${sql.param(rows.map(({ minute }) => new Date(minute).toISOString()))}::timestamptz[],
      ${sql.param(rows.map(({ text }) => text))}::text[],
      ${sql.param(rows.map(({ cut }) => cut))}::bigint[])
    on conflict (alert_id, bucket) do update set groups = excluded.groups, cut = excluded.cut`);
}

/** Lets go of what no window needs any more. */
export async function forgetMinutes(transaction: Executor, alerts: readonly RunningAlert[], now: Date): Promise<void> {
  // One that was just taken for kept must still be there.
  const slackMs = 10 * MINUTE_MS;
  await transaction.execute(sql`
    delete from logs.alert_minutes as known using unnest(
      ${sql.param(alerts.map(({ id }) => id))}::bigint[],
      ${sql.param(alerts.map((alert) => addMs(keptFrom(alert, now), -slackMs).toISOString()))}::timestamptz[]) as kept (alert_id, since)
    where known.alert_id = kept.alert_id and bucket < since`);
}
