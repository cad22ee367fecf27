import { sql } from "drizzle-orm";
import { z } from "zod";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { lockShared } from "@/core/locks";
import type { Paged } from "@/core/page";
import { announceNewPatterns } from "./announce-new-patterns";
import type { Outbox } from "./delivery/outbox";
import { evaluateMinutes } from "./evaluate-minutes";
import { endIncidents } from "./incidents/end-incidents";
import { remind } from "./incidents/remind";
import { resolveOverdue } from "./incidents/resolve-overdue";
import { trackAbsence } from "./incidents/track-absence";
import { extendNewPatterns } from "./incidents/track-new-patterns";
import { pageOfViolations } from "./list-violations";
import { OF_UNJUDGED } from "./queries/stop-alert";
import { resumedAt } from "./resumed-at";
import type { AlertThresholdViolation } from "./schemas";

/**
 * Judges every minute since the last check, however long ago that was, and the one before it again, as entries may have
 * come late; ends incidents, finds silent services and new patterns, and sends reminders. Ingest judges its minutes itself, so this finds
 * little: it is what makes sure. Running it again, or twice at once, changes nothing.
 * @returns the violations of this minute and the one before: the first, and how many there are
 */
export async function checkThresholds(context: Context & { outbox: Outbox }): Promise<Paged<AlertThresholdViolation>> {
  const { db, clock, outbox } = context;
  await announceNewPatterns(context);
  const now = clock.now();
  const thisMinute = floorTo(now, MINUTE_MS);
  const deliveries = await db.transaction(async (transaction) => {
    const from = await beginCheck(transaction);
    // Incidents change only while the thresholds of their service are locked, as in evaluateMinutes.
    await transaction.execute(sql`select 1 from logs.alert_thresholds order by service, valid_from for no key update`);
    const minutes = await transaction.execute(sql`
      select distinct bucket, service from logs.stats_minute
      where bucket >= greatest(${from}::timestamptz, (select min(valid_from) from logs.alert_thresholds))
        and level >= 'warning' and (service in (select service from logs.alert_thresholds)
          or exists (select from logs.alert_thresholds where service = ${EVERY_SERVICE}))`);
    const rows = z.array(z.object({ bucket: z.coerce.date(), service: z.string() })).parse(minutes.rows);
    await extendNewPatterns(transaction, now);
    const queued = [
      ...(await evaluateMinutes(transaction, rows, now)),
      ...(await resolveOverdue(transaction, now)),
      ...(await endIncidents(transaction, OF_UNJUDGED, now, false)),
      ...(await remind(transaction, now)),
    ];
    await transaction.execute(sql`
      update logs.alert_progress
      set checked_until = ${addMs(thisMinute, -MINUTE_MS)}::timestamptz, resumed_at = ${resumedAt(now)}
      where id = 1 and checked_until < ${addMs(thisMinute, -MINUTE_MS)}::timestamptz`);
    return queued;
  });
  outbox.request(deliveries);
  // Apart from the rest: there may be as many as services, and ingest waits for the thresholds that are locked above.
  const ofSilent = await db.transaction(async (transaction) => {
    await beginCheck(transaction);
    return trackAbsence(transaction, now);
  });
  outbox.request(ofSilent);
  return pageOfViolations({ db }, { from: addMs(thisMinute, -MINUTE_MS), to: addMs(thisMinute, MINUTE_MS) });
}

/** One checks at a time, and not while thresholds are changed. @returns up to when every minute has been judged */
async function beginCheck(transaction: Executor): Promise<Date> {
  await lockShared(transaction, ["aggregation", 0]);
  const progress = await transaction.execute(
    sql`select checked_until from logs.alert_progress where id = 1 for update`,
  );
  const [{ checked_until }] = z.tuple([z.object({ checked_until: z.coerce.date() })]).parse(progress.rows);
  return checked_until;
}
