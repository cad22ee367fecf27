import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { moments } from "@/core/moments";
import type { RunningAlert } from "./load-alerts";

/** Windows that are written by one statement. */
const AT_ONCE = 10_000;

/** Windows of alerts, by their ends in ms. */
export type LateWindows = readonly { alert: RunningAlert; ends: readonly number[] }[];

const columnsOf = (late: LateWindows) => sql`unnest(
  ${sql.param(late.flatMap(({ alert, ends }) => ends.map(() => alert.id)))}::bigint[],
  ${moments(late.flatMap(({ ends }) => ends))}) as late (alert_id, ends_at)`;

/** Writes down windows of long ago that late lines touched: there may be a month of them, and what crosses now must not wait for it. */
export async function addLateWindows(transaction: Executor, late: LateWindows): Promise<void> {
  for (const { alert, ends } of late) {
    for (let from = 0; from < ends.length; from += AT_ONCE) {
      const some = columnsOf([{ alert, ends: ends.slice(from, from + AT_ONCE) }]);
      await transaction.execute(sql`
        insert into logs.alert_late_windows (alert_id, ends_at) select alert_id, ends_at from ${some}
        on conflict do nothing`);
    }
  }
}

const lateRow = z.object({ alert_id: z.coerce.number(), ends_at: z.coerce.date() });

/** Those of some alerts that wait, alert by alert in the order of time. @returns at most LIMITS.alertLateWindows, and whether there are more */
export async function readLateWindows(
  transaction: Executor,
  alerts: readonly RunningAlert[],
): Promise<{ late: LateWindows; areMore: boolean }> {
  const result = await transaction.execute(sql`
    select alert_id, ends_at from logs.alert_late_windows
    where alert_id = any(${sql.param(alerts.map(({ id }) => id))}::bigint[])
    order by alert_id, ends_at limit ${LIMITS.alertLateWindows + 1}`);
  const rows = z.array(lateRow).parse(result.rows);
  const ends = new Map<number, number[]>();
  for (const { alert_id, ends_at } of rows.slice(0, LIMITS.alertLateWindows)) {
    const known = ends.get(alert_id);
    if (known) known.push(ends_at.getTime());
    else ends.set(alert_id, [ends_at.getTime()]);
  }
  const late = alerts.flatMap((alert) => {
    const ofAlert = ends.get(alert.id);
    return ofAlert ? [{ alert, ends: ofAlert }] : [];
  });
  return { late, areMore: rows.length > LIMITS.alertLateWindows };
}

/** Takes away those that were judged. */
export async function removeLateWindows(transaction: Executor, judged: LateWindows): Promise<void> {
  if (judged.every(({ ends }) => ends.length === 0)) return;
  await transaction.execute(sql`
    delete from logs.alert_late_windows as known using ${columnsOf(judged)}
    where known.alert_id = late.alert_id and known.ends_at = late.ends_at`);
}
