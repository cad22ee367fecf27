import { sql } from "drizzle-orm";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { tryLock } from "@/core/locks";
import type { Outbox } from "../delivery/outbox";
import { type FollowContext, followLines, readFollowing, writeFollowing } from "./follow-lines";
import { judgeAlert } from "./judge-alert";
import { forgetMinutes, keepMinutes } from "./keep-minutes";
import { loadAlerts, type RunningAlert, stopAlert } from "./load-alerts";
import { readMinutes } from "./read-minutes";
import { reachMsOf } from "./windows";

export type JudgeContext = FollowContext & { outbox: Outbox };

/** `idle`: no alert watches a query; `elsewhere`: another process judges; `behind`: there is more to do. */
export type QueriesJudged = "idle" | "elsewhere" | "behind" | "done";

/**
 * Judges the alerts that watch queries. New lines are taken by the transactions that wrote them, each once and for all alerts together,
 * so none is missed, however late it is and whoever wrote it; what they give to a minute is added to what is kept of it, and windows are
 * put together from their minutes. All of it is one transaction: where it ends half-way, nothing of it was.
 */
export async function judgeQueries(context: JudgeContext): Promise<QueriesJudged> {
  const { db, outbox } = context;
  const done = await db.transaction(async (transaction) => {
    if (!(await tryLock(transaction, ["query alerts", 0]))) return { state: "elsewhere", deliveries: [] } as const;
    const now = context.clock.now();
    const known = await loadAlerts(transaction);
    if (known.length === 0) {
      await writeFollowing(transaction, null, now);
      return { state: "idle", deliveries: [] } as const;
    }
    const following = await readFollowing({ ...context, db: transaction });
    const loaded = following.isNew ? await loadAlerts(transaction) : known;
    const alerts = await prepareAlerts(context, transaction, loaded, now);
    const { taken, failed, reached, isBehind } = await followLines(context, alerts, following);
    for (const [id, problem] of failed) await stopAlert(transaction, id, problem);
    const judged = alerts.filter(({ id }) => !failed.has(id));
    await keepMinutes(transaction, judged, taken, now);
    await writeFollowing(transaction, reached, now);
    const deliveries: string[] = [];
    let isMore = isBehind;
    for (const alert of judged) {
      const changed = [...(taken.get(alert.id)?.keys() ?? [])];
      const outcome = await judgeOrStop(context, transaction, alert, changed, reached.seenAt, now);
      deliveries.push(...outcome.deliveries);
      isMore ||= outcome.isBehind;
    }
    await forgetMinutes(transaction, judged, now);
    return { state: isMore ? "behind" : "done", deliveries } as const;
  });
  outbox.request(done.deliveries);
  return done.state;
}

/** What can't be computed stops one alert, and says so; not the others. */
async function judgeOrStop(
  context: JudgeContext,
  transaction: Executor,
  alert: RunningAlert,
  changed: readonly number[],
  wholeUntil: Date,
  now: Date,
) {
  try {
    return await judgeAlert(context, transaction, alert, changed, wholeUntil, now);
  } catch (error) {
    if (!isFault(error)) throw error;
    await stopAlert(transaction, alert.id, error.message);
    return { deliveries: [], isBehind: false };
  }
}

/** Reads what came before an alert that is new, or another one than before: its first window looks back. */
async function prepareAlerts(
  context: JudgeContext,
  transaction: Executor,
  alerts: readonly RunningAlert[],
  now: Date,
): Promise<RunningAlert[]> {
  const ready: RunningAlert[] = [];
  for (const alert of alerts) {
    ready.push(alert.row.countedIn === null ? await prepare(context, transaction, alert, now) : alert);
  }
  return ready;
}

async function prepare(
  context: JudgeContext,
  transaction: Executor,
  alert: RunningAlert,
  now: Date,
): Promise<RunningAlert> {
  const to = addMs(floorTo(now, MINUTE_MS), LIMITS.futureMs + MINUTE_MS);
  const reachMs = reachMsOf(alert.watch);
  const readFrom = (from: Date) => readMinutes(context, alert, from, to);
  const { validFrom: changed, judgedUntil: judged } = alert.row;
  const first = new Date(Math.min(changed.getTime(), judged.getTime()));
  let countedFrom = addMs(floorTo(first, MINUTE_MS), -reachMs);
  const { groups, snapshot } = await readFrom(countedFrom).catch(async (error) => {
    if (!isFault(error)) throw error;
    // What came before is too much: it is judged from its first window on that has none of it.
    countedFrom = addMs(floorTo(now, MINUTE_MS), MINUTE_MS);
    return readFrom(countedFrom);
  });
  const whole = addMs(countedFrom, reachMs);
  const isLater = whole > addMs(alert.row.validFrom, MINUTE_MS);
  const validFrom = isLater ? whole : alert.row.validFrom;
  const judgedUntil = isLater ? whole : alert.row.judgedUntil;
  const row = { ...alert.row, countedFrom, countedIn: snapshot, validFrom, judgedUntil };
  await transaction.execute(sql`delete from logs.alert_minutes where alert_id = ${alert.id}`);
  await keepMinutes(transaction, [alert], new Map([[alert.id, groups]]), now);
  await transaction.execute(sql`
    update logs.alert_queries set counted_from = ${countedFrom}::timestamptz, counted_in = ${snapshot},
      valid_from = ${validFrom}::timestamptz, judged_until = ${judgedUntil}::timestamptz where id = ${alert.id}`);
  return { ...alert, row };
}
