import { isDeepStrictEqual } from "node:util";
import { and, count, eq, ne } from "drizzle-orm";
import type { Context } from "@/core/context";
import { conflict, invalid, notFound } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { type AdvisoryLock, lockExclusive } from "@/core/locks";
import { refuseChanged } from "@/core/made-from";
import { alertQueries } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { endIncidents } from "../incidents/end-incidents";
import { setReceivers } from "../receivers/set-receivers";
import { getQueryAlert } from "./get-query-alert";
import { watchOf } from "./load-alerts";
import { readAlertQuery } from "./read-alert-query";
import type { QueryAlert, QueryAlertChange, QueryAlertInput } from "./schemas";
import { ofAlert } from "./stop-alert";

const JUDGING: AdvisoryLock = ["query alerts", 0];
/** Of the names, and of how many there are. */
const SAVING: AdvisoryLock = ["query alerts", 1];

type Values = Partial<Omit<typeof alertQueries.$inferInsert, "id">>;

/** What is named, as columns; what is absent stays so. That nothing comes has no lines of which there must be some. */
const valuesOf = (given: QueryAlertChange, watch: QueryAlert["watch"]): Values => ({
  name: given.name,
  watch: given.watch,
  query: given.query,
  ofLines: given.of,
  shareBy: given.by,
  comparison: given.comparison,
  threshold: given.threshold,
  windowMinutes: given.window_minutes,
  leastCount: watch === "absence" ? 0 : given.least_count,
  against: given.against,
  changeIn: given.change_in,
  severity: given.severity,
  runbookUrl: given.runbook_url,
  quietHours: given.quiet_hours,
  resolveAfterMinutes: given.resolve_after_minutes,
  notifyResolved: given.notify_resolved,
  remindEveryMinutes: given.remind_every_minutes,
  enabled: given.enabled,
});

/**
 * @throws Fault invalid for a query that can't be watched, with its place, or an address that may not be called; conflict for a name
 * that another one has
 */
export async function createQueryAlert(context: AlertContext, input: QueryAlertInput): Promise<QueryAlert> {
  readAlertQuery(input);
  const now = context.clock.now();
  return context.db.transaction(async (transaction) => {
    // Not the lock of who judges: it may be held for seconds, and an alert that is new is nothing to it.
    await lockExclusive(transaction, SAVING);
    const [known] = await transaction.select({ alerts: count() }).from(alertQueries);
    if ((known?.alerts ?? 0) >= LIMITS.queryAlerts) {
      throw invalid(`there are ${LIMITS.queryAlerts} alerts on queries already, which is as many as there may be`);
    }
    await refuseName(transaction, input.name, 0);
    const [row] = await transaction
      .insert(alertQueries)
      .values({
        ...REQUIRED,
        ...valuesOf(input, input.watch),
        name: input.name,
        watch: input.watch,
        query: input.query,
        createdAt: now,
        updatedAt: now,
        validFrom: now,
        judgedUntil: now,
      })
      .returning();
    if (!row) throw new Error("the alert was not stored");
    await setReceivers(context, transaction, { alertId: row.id }, input.receivers);
    return getQueryAlert({ db: transaction }, row.id);
  });
}

/** What the schema of an input always gives. */
const REQUIRED = {
  ofLines: "",
  shareBy: [],
  comparison: ">",
  threshold: 0,
  windowMinutes: 5,
  leastCount: 0,
  changeIn: "percent",
  severity: "error",
  resolveAfterMinutes: 5,
  notifyResolved: true,
  enabled: true,
} as const satisfies Values;

/**
 * Changes what is named and keeps the rest. Windows that end from now on are judged by it; what was stays on record, and of an alert that
 * is off nothing stays open.
 * @throws Fault not_found, conflict when it isn't any more what the change was made from, and as createQueryAlert does
 */
export async function updateQueryAlert(
  context: AlertContext,
  id: number,
  change: QueryAlertChange,
): Promise<QueryAlert> {
  const now = context.clock.now();
  const { alert, deliveries } = await context.db.transaction(async (transaction) => {
    await lockExclusive(transaction, JUDGING);
    await lockExclusive(transaction, SAVING);
    const [before] = await transaction.select().from(alertQueries).where(eq(alertQueries.id, id));
    if (!before) throw notFound(`there is no alert ${id}`);
    refuseChanged("the alert", before.updatedAt, change.updated_at);
    if (change.name !== undefined) await refuseName(transaction, change.name, id);
    const [row] = await transaction
      .update(alertQueries)
      .set({ ...valuesOf(change, change.watch ?? before.watch), ...stateAfter(before, change, now), updatedAt: now })
      .where(eq(alertQueries.id, id))
      .returning();
    if (!row) throw notFound(`there is no alert ${id}`);
    readAlertQuery(watchOf(row));
    const closing = change.receivers ? await setReceivers(context, transaction, { alertId: id }, change.receivers) : [];
    // Nobody would judge when they are over.
    const ended = row.enabled ? [] : await endIncidents(transaction, ofAlert(id), now, false);
    return { alert: await getQueryAlert({ db: transaction }, id), deliveries: [...closing, ...ended] };
  });
  context.outbox.request(deliveries);
  return alert;
}

const COUNTED = ["watch", "query", "of", "by", "window_minutes", "against"] as const;
const COMPARED = ["comparison", "threshold", "least_count", "change_in"] as const;

/**
 * How far an alert is judged after a change: windows that have ended and wait for it are not forgotten. What is named as it was before is
 * no change: a form sends all that it has.
 */
function stateAfter(before: typeof alertQueries.$inferSelect, change: QueryAlertChange, now: Date): Values {
  const wasJudged = before.enabled && before.problem === null;
  const was = watchOf(before);
  const differs = (fields: readonly (typeof COUNTED | typeof COMPARED)[number][]) =>
    fields.some((field) => change[field] !== undefined && !isDeepStrictEqual(change[field], was[field]));
  // What was counted is of no use for another query, nor when some was not counted meanwhile.
  const isCountedAnew = !wasJudged || differs(COUNTED);
  return {
    problem: null,
    ...(wasJudged ? {} : { judgedUntil: now }),
    ...(isCountedAnew || differs(COMPARED) ? { validFrom: now } : {}),
    ...(isCountedAnew ? { countedFrom: null, countedIn: null, leftOut: null } : {}),
  };
}

async function refuseName(db: Context["db"], name: string, id: number): Promise<void> {
  const [other] = await db
    .select()
    .from(alertQueries)
    .where(and(eq(alertQueries.name, name), ne(alertQueries.id, id)));
  if (other) throw conflict(`an alert is called "${name}" already`);
}
