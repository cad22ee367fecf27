import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { moments } from "@/core/moments";
import { queueOpening } from "../delivery/queue-notification";
import { endIncidents } from "../incidents/end-incidents";
import { extendIncident } from "../incidents/extend-incident";
import { groupMinutes, knownIncidentRow, type MinuteGroup } from "../incidents/group-minutes";
import type { RunningAlert } from "./load-alerts";
import { serviceOf, watchedOf } from "./watched-of";
import { stepMsOf } from "./windows";

/** A window of a group, by its end in ms. */
export type CrossedWindow = { group: string; end: number };

/** Windows with so little between them are one incident. */
const incidentReachMs = ({ row }: RunningAlert): number =>
  Math.max(row.resolveAfterMinutes * MINUTE_MS, stepMsOf(row.windowMinutes));

/**
 * Joins windows that crossed to incidents, one after the other for each group, as trackIncidents does minutes. The caller holds the
 * lock "query alerts".
 * @returns ids of deliveries to be sent after commit
 */
export async function trackWindows(
  transaction: Executor,
  alert: RunningAlert,
  fresh: readonly CrossedWindow[],
  now: Date,
): Promise<string[]> {
  const groups = new Map<string, Date[]>();
  for (const { group, end } of fresh.toSorted((one, other) => one.end - other.end)) {
    const minutes = groups.get(group) ?? [];
    minutes.push(new Date(end - MINUTE_MS));
    groups.set(group, minutes);
  }
  const deliveries: string[] = [];
  for (const [group, minutes] of groups)
    deliveries.push(...(await trackGroup(transaction, alert, group, minutes, now)));
  return deliveries;
}

async function trackGroup(
  transaction: Executor,
  alert: RunningAlert,
  group: string,
  minutes: readonly Date[],
  now: Date,
): Promise<string[]> {
  const reachMs = incidentReachMs(alert);
  const [earliest = now, latest = now] = [minutes[0], minutes.at(-1)];
  const result = await transaction.execute(sql`
    select id, first_at, last_at, last_at as crossed_at, resolved_at is not null as resolved from logs.alert_incidents
    where alert_id = ${alert.id} and md5(group_key) = md5(${group}) and group_key = ${group} and (resolved_at is null
      or last_at >= ${addMs(earliest, -reachMs)}::timestamptz and first_at <= ${addMs(latest, reachMs)}::timestamptz)
    order by id for update`);
  const deliveries: string[] = [];
  for (const part of groupMinutes(minutes, z.array(knownIncidentRow).parse(result.rows), reachMs, now)) {
    const isNew = part.known.length === 0;
    const isOver = addMs(part.lastAt, MINUTE_MS + reachMs) <= now;
    const id = isNew
      ? await open(transaction, alert, group, part, now, isOver)
      : await extendIncident(transaction, part);
    await transaction.execute(sql`
      update logs.alert_windows set incident_id = ${id}
      where alert_id = ${alert.id} and md5(group_key) = md5(${group}) and group_key = ${group}
        and ends_at = any(${moments(part.minutes.map((minute) => addMs(minute, MINUTE_MS)))})`);
    if (isNew) deliveries.push(...(await queueOpening(transaction, id, isOver, now)));
  }
  return deliveries;
}

/** One that is over already is resolved as it opens: people are told of it once. */
async function open(
  transaction: Executor,
  alert: RunningAlert,
  group: string,
  { firstAt, lastAt }: MinuteGroup,
  now: Date,
  isOver: boolean,
): Promise<number> {
  const { id, row } = alert;
  const made = await transaction.execute<{ id: string }>(sql`
    insert into logs.alert_incidents (service, kind, alert_id, group_key, watched, severity, first_at, last_at, opened_at, resolved_at)
    values (${serviceOf(alert, group)}, 'query', ${id}, ${group}, ${JSON.stringify(watchedOf(alert, group))}::json, ${row.severity}, ${firstAt}::timestamptz, ${lastAt}::timestamptz,
      ${now}::timestamptz, ${isOver ? now : null}::timestamptz)
    returning id`);
  return Number(made.rows[0]?.id);
}

/** Brings incidents in line with the windows that they have left, as late lines may have taken some away. */
export async function shrinkIncidents(transaction: Executor, incidents: readonly number[]): Promise<void> {
  if (incidents.length === 0) return;
  await transaction.execute(sql`
    update logs.alert_incidents as incident
    set first_at = left_over.first - interval '1 minute', last_at = left_over.last - interval '1 minute', crossed_at = null
    from (
      select incident_id, min(ends_at) as first, max(ends_at) as last from logs.alert_windows
      where incident_id = any(${sql.param([...incidents])}::bigint[]) group by incident_id
    ) as left_over where left_over.incident_id = incident.id`);
}

/**
 * Ends the incidents of alerts of which no window crossed for long enough, or none is left.
 * @param judged how far each is judged: windows that end later are not yet
 * @returns ids of deliveries to be sent after commit
 */
export async function resolveWindows(
  transaction: Executor,
  judged: readonly { alert: RunningAlert; judgedUntil: Date }[],
  now: Date,
): Promise<string[]> {
  const over = judged.map(({ alert, judgedUntil }) => addMs(judgedUntil, -MINUTE_MS - incidentReachMs(alert)));
  return endIncidents(
    transaction,
    sql`kind = 'query' and exists (
      select from unnest(
        ${sql.param(judged.map(({ alert }) => alert.id))}::bigint[],
        ${moments(over)}) as judged (alert_id, over)
      where judged.alert_id = incident.alert_id and (incident.last_at <= judged.over
        or not exists (select from logs.alert_windows where incident_id = incident.id)))`,
    now,
  );
}
