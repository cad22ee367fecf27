import { sql } from "drizzle-orm";
import { addMs, ceilTo, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { tryLock } from "@/core/locks";
import { keptOfQuery } from "@/core/retention/all-kept-from";
import type { Outbox } from "../delivery/outbox";
import {
  type FollowContext,
  type Following,
  followLines,
  positionOf,
  readFollowing,
  writeFollowing,
} from "./follow-lines";
import { type JudgeAlertsContext, judgeAlerts } from "./judge-alerts";
import { JudgeMemory } from "./judge-memory";
import { forgetMinutes, keepMinutes } from "./kept-minutes";
import { loadAlerts, type RunningAlert } from "./load-alerts";
import { orReason } from "./or-reason";
import { readMinutes } from "./read-minutes";
import { type StoppingAlert, stopAlert } from "./stop-alert";
import { reachMsOf } from "./windows";

export type JudgeContext = FollowContext & JudgeAlertsContext & { outbox: Outbox };

/** `idle`: no alert watches a query; `elsewhere`: another process judges; `behind`: there is more to do. */
export type QueriesJudged = "idle" | "elsewhere" | "behind" | "done";

/**
 * Judges the alerts that watch queries. New lines are taken by the transactions that wrote them, each once and for all alerts together,
 * so none is missed, however late it is and whoever wrote it; what they give to a minute is added to what is kept of it, and windows are
 * put together from their minutes. All of it is one transaction: where it ends half-way, nothing of it was.
 * @param memory of the times before in this process, which only saves work
 */
export async function judgeQueries(context: JudgeContext, memory = new JudgeMemory()): Promise<QueriesJudged> {
  const { db, outbox } = context;
  const done = await db.transaction((transaction) => judge(context, transaction, memory));
  if (done.reached) memory.committed(positionOf(done.reached), done.alerts, context.clock.now());
  outbox.request(done.deliveries);
  return done.state;
}

type Judged = { state: QueriesJudged; deliveries: string[]; reached: Following | null; alerts: RunningAlert[] };

const nothing = (state: QueriesJudged, deliveries: string[]): Judged => ({
  state,
  deliveries,
  reached: null,
  alerts: [],
});

async function judge(context: JudgeContext, transaction: Context["db"], memory: JudgeMemory): Promise<Judged> {
  if (!(await tryLock(transaction, ["query alerts", 0]))) return nothing("elsewhere", []);
  const now = context.clock.now();
  const { alerts: known, unreadable } = await loadAlerts(transaction, memory);
  const deliveries: string[] = [];
  const stop = async (alert: StoppingAlert, problem: string) => {
    deliveries.push(...(await stopAlert(transaction, alert, problem, now)));
  };
  for (const { row, problem } of unreadable) await stop({ row, lines: "" }, problem);
  if (known.length === 0) {
    await writeFollowing(transaction, null, now);
    return nothing("idle", deliveries);
  }
  const following = await readFollowing({ ...context, db: transaction });
  memory.begin(positionOf(following));
  const loaded = following.isNew ? (await loadAlerts(transaction, memory)).alerts : known;
  const { ready, areMore, tooMuch } = await prepareAlerts(context, transaction, memory, loaded, now);
  const { taken, failed, reached, isBehind, leftOut } = await followLines(context, ready, following, now);
  if (leftOut !== null) {
    context.logger.warn({ reason: leftOut }, "alerts on queries go on without lines that can't be read");
    // All say so: nobody knows whose lines they were.
    await tellLeftOut(
      transaction,
      ready.map(({ id }) => id),
      leftOut,
    );
  }
  const some = ready.filter(({ id }) => !failed.has(id));
  const problems = new Map([...tooMuch, ...failed, ...(await keepMinutes(transaction, memory, some, taken, now))]);
  for (const { id, row, query } of loaded) {
    const problem = problems.get(id);
    if (problem !== undefined) await stop({ row, lines: query.lines }, problem);
  }
  const alerts = some.filter(({ id }) => !problems.has(id));
  await writeFollowing(transaction, reached, now);
  const judged = await judgeAlerts(context, transaction, memory, alerts, taken, reached.seenAt, now);
  for (const [id, reason] of judged.leftOut) {
    context.logger.warn(
      { reason: `alert ${id}: ${reason}` },
      "an alert on a query goes on without windows of long ago",
    );
    await tellLeftOut(transaction, [id], reason);
  }
  await forgetMinutes(transaction, memory, alerts, now);
  const state = isBehind || judged.isBehind || areMore ? "behind" : "done";
  return { state, deliveries: [...deliveries, ...judged.deliveries], reached, alerts };
}

async function tellLeftOut(transaction: Executor, alerts: readonly number[], leftOut: string): Promise<void> {
  await transaction.execute(sql`
    update logs.alert_queries set left_out = ${leftOut} where id = any(${sql.param([...alerts])}::bigint[])`);
}

/**
 * Reads what came before an alert that is new, or another one than before: its first window looks back. Those that are left over, or for
 * which nothing could be read just now, are not there yet.
 * @returns also those for which what came before is too much, with the reason
 */
async function prepareAlerts(
  context: JudgeContext,
  transaction: Executor,
  memory: JudgeMemory,
  alerts: readonly RunningAlert[],
  now: Date,
): Promise<{ ready: RunningAlert[]; areMore: boolean; tooMuch: ReadonlyMap<number, string> }> {
  const ready: RunningAlert[] = [];
  const tooMuch = new Map<number, string>();
  let areMore = false;
  const started = performance.now();
  for (const alert of alerts) {
    if (alert.row.countedIn !== null) ready.push(alert);
    else if (memory.rests(alert.id, now)) continue;
    else if (performance.now() - started > LIMITS.alertPrepareMs) areMore = true;
    else {
      const prepared = await prepare(context, transaction, memory, alert, now);
      if (typeof prepared === "string") tooMuch.set(alert.id, prepared);
      else ready.push(...prepared);
    }
  }
  return { ready, areMore, tooMuch };
}

/** @returns the alert as it is now; none when what came before can't be read; or why that is too much to be kept */
async function prepare(
  context: JudgeContext,
  transaction: Executor,
  memory: JudgeMemory,
  alert: RunningAlert,
  now: Date,
): Promise<RunningAlert[] | string> {
  const to = addMs(floorTo(now, MINUTE_MS), LIMITS.futureMs + MINUTE_MS);
  const reachMs = reachMsOf(alert.watch);
  const { validFrom: changed, judgedUntil: judged } = alert.row;
  const first = new Date(Math.min(changed.getTime(), judged.getTime()));
  const wanted = addMs(floorTo(first, MINUTE_MS), -reachMs);
  const allKept = ceilTo(await keptOfQuery(context, alert.query.query), MINUTE_MS);
  // Of what is gone nothing is known, and where what came before is too much: it is judged from its first window on that has none of it.
  const whole = new Date(Math.max(wanted.getTime(), allKept.getTime()));
  const tried = [whole, addMs(floorTo(now, MINUTE_MS), MINUTE_MS)];
  let reason = "";
  for (const countedFrom of tried) {
    const read = await orReason(context, alert, () => readMinutes(context, alert, countedFrom, to));
    if ("reason" in read) reason = read.reason;
    else {
      const kept = await keepPrepared(transaction, memory, alert, { ...read, countedFrom }, now);
      return typeof kept === "string" ? kept : [kept];
    }
  }
  memory.rest(alert.id, addMs(now, LIMITS.alertRestMs));
  await tellLeftOut(transaction, [alert.id], `it is not watched yet: ${reason}`);
  return [];
}

type Read = Awaited<ReturnType<typeof readMinutes>> & { countedFrom: Date };

async function keepPrepared(
  transaction: Executor,
  memory: JudgeMemory,
  alert: RunningAlert,
  { groups, snapshot, countedFrom }: Read,
  now: Date,
): Promise<RunningAlert | string> {
  const whole = addMs(countedFrom, reachMsOf(alert.watch));
  const isLater = whole > addMs(alert.row.validFrom, MINUTE_MS);
  const validFrom = isLater ? whole : alert.row.validFrom;
  const judgedUntil = isLater ? whole : alert.row.judgedUntil;
  const row = { ...alert.row, countedFrom, countedIn: snapshot, validFrom, judgedUntil };
  if (isLater) {
    const reason = "what came before is not there any more, or is too much to be read";
    await tellLeftOut(transaction, [alert.id], `it is watched from ${validFrom.toISOString()} on: ${reason}`);
  }
  await transaction.execute(sql`delete from logs.alert_minutes where alert_id = ${alert.id}`);
  const prepared = { ...alert, row };
  const failed = await keepMinutes(transaction, memory, [prepared], new Map([[alert.id, groups]]), now);
  const problem = failed.get(alert.id);
  if (problem !== undefined) return problem;
  await transaction.execute(sql`
    update logs.alert_queries set counted_from = ${countedFrom}::timestamptz, counted_in = ${snapshot},
      valid_from = ${validFrom}::timestamptz, judged_until = ${judgedUntil}::timestamptz where id = ${alert.id}`);
  return prepared;
}
