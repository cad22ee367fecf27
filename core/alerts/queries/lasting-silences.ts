import { sql } from "drizzle-orm";
import { z } from "zod";
import { MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { moments } from "@/core/moments";
import { resumedAt } from "../resumed-at";
import type { RunningAlert } from "./load-alerts";
import { stepMsOf } from "./windows";

/** @returns up to when this server was away, in ms since 1970; 0 when it never was */
export async function awayUntil(transaction: Executor, now: Date): Promise<number> {
  const result = await transaction.execute(
    sql`select coalesce(${resumedAt(now)}, to_timestamp(0)) as away_until from logs.alert_progress where id = 1`,
  );
  const [{ away_until }] = z.tuple([z.object({ away_until: z.coerce.date() })]).parse(result.rows);
  return away_until.getTime();
}

/**
 * Of windows in which nothing came, those that say so of who sends: in a time in which this server was away nobody could, and those who send
 * come back after it does. A silence that had begun before goes on through it.
 * @param ends the windows of an alert that are judged, in their order @param empty those with nothing, judged before or among `ends`
 * @param away in ms since 1970: windows that begin before it looked at a time in which this server was away
 */
export async function lastingSilences(
  transaction: Executor,
  { id, row }: RunningAlert,
  ends: readonly number[],
  empty: ReadonlySet<number>,
  away: number,
): Promise<ReadonlySet<number>> {
  const [windowMs, stepMs] = [row.windowMinutes * MINUTE_MS, stepMsOf(row.windowMinutes)];
  const isWhole = (end: number) => end - windowMs >= away;
  if (ends.every((end) => isWhole(end) || !empty.has(end))) return empty;
  const judged = new Set(ends);
  const lastJudged = Math.floor(row.judgedUntil.getTime() / stepMs) * stepMs;
  const before = [lastJudged, ...ends.map((end) => end - stepMs)].filter((end) => !judged.has(end));
  const known = await transaction.execute(sql`
    select ends_at from logs.alert_windows
    where alert_id = ${id} and ends_at = any(${moments(before.map((end) => new Date(end)))})`);
  const rows = z.array(z.object({ ends_at: z.coerce.date() })).parse(known.rows);
  const lasting = new Set(rows.map(({ ends_at }) => ends_at.getTime()));
  for (const end of empty) if (!judged.has(end)) lasting.add(end);
  // After hours away the windows between wait for their turn (late-windows.ts): it is as it was when one was judged last.
  const wasLasting = (end: number) =>
    lasting.has(end) || (!judged.has(end) && end > lastJudged && lasting.has(lastJudged));
  for (const end of ends) {
    if (empty.has(end) && (isWhole(end) || wasLasting(end - stepMs))) lasting.add(end);
  }
  return lasting;
}
