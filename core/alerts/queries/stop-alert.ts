import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { cutText } from "@/core/cut-text";
import { queueNotification } from "../delivery/queue-notification";
import { endIncidents } from "../incidents/end-incidents";
import type { Watched } from "../schemas";
import type { RunningAlert } from "./load-alerts";

/** What is known of an alert that stops; of one whose query can't be read any more no lines. */
export type StoppingAlert = Pick<RunningAlert, "row"> & { lines: string };

const PROBLEM_CHARACTERS = 500;
const openedRow = z.object({ id: z.coerce.number() });

/**
 * Says why an alert is not judged any more; it is again once it is saved. Its incidents end, as nothing else would end them, and its
 * receivers are told why: by an incident of the alert itself, which has no group, and is over when the alert is judged again. The caller
 * holds the lock "query alerts".
 * @returns ids of deliveries to be sent after commit
 */
export async function stopAlert(
  transaction: Executor,
  { row, lines }: StoppingAlert,
  reason: string,
  now: Date,
): Promise<string[]> {
  const problem = cutText(reason, PROBLEM_CHARACTERS);
  await transaction.execute(sql`update logs.alert_queries set problem = ${problem} where id = ${row.id}`);
  const ended = await endIncidents(transaction, ofAlert(row.id), now, false);
  const watched: Watched = {
    alert: row.name,
    group: {},
    lines,
    condition: `it was stopped: ${problem}`,
    comparison: row.comparison,
    window_minutes: row.windowMinutes,
  };
  const minute = floorTo(now, MINUTE_MS);
  const opened = await transaction.execute(sql`
    insert into logs.alert_incidents (service, kind, alert_id, watched, severity, first_at, last_at, opened_at)
    values (${EVERY_SERVICE}, 'query', ${row.id}, ${JSON.stringify(watched)}::json, ${row.severity}, ${minute}::timestamptz,
      ${minute}::timestamptz, ${now}::timestamptz)
    returning id`);
  const [{ id }] = z.tuple([openedRow]).parse(opened.rows);
  return [...ended, ...(await queueNotification(transaction, id, "opened", now))];
}

/** SQL of the incidents of an alert, for endIncidents. */
export const ofAlert = (id: number): SQL => sql`alert_id = ${id}`;

/** SQL of the incidents of alerts that are switched off or stopped, for endIncidents: nobody judges whether they are over. */
export const OF_UNJUDGED = sql`kind = 'query' and group_key is not null and exists (
  select from logs.alert_queries as alert where alert.id = incident.alert_id and (not enabled or problem is not null))`;
