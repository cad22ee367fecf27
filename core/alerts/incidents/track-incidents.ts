import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { queueNotification } from "../delivery/queue-notification";
import { isSubject, resolveAfterMinutes, resolveOverdue } from "./resolve-overdue";
import type { Subject } from "./subject";

export type FreshViolation = Subject & { timestamp: Date };

const incidentRow = z.object({
  id: z.coerce.number(),
  first_at: z.coerce.date(),
  last_at: z.coerce.date(),
  resolved: z.boolean(),
});

type Known = z.infer<typeof incidentRow>;
/** Minutes that belong together; `known` is the incident that they extend. */
type Group = { known: Known | null; firstAt: Date; lastAt: Date; minutes: Date[] };

/**
 * Joins new violations to incidents: those of one service and level, or one of its patterns, that lie at most `resolve_after_minutes` apart are
 * one incident. Late ones join an incident that is over when they fit; one that still matters now never does, so that
 * nobody misses it.
 * @returns ids of deliveries to be sent after commit
 */
export async function trackIncidents(
  transaction: Executor,
  violations: readonly FreshViolation[],
  now: Date,
): Promise<string[]> {
  const deliveries: string[] = [];
  for (const group of groupBySubject(violations).values())
    deliveries.push(...(await trackSubject(transaction, group, now)));
  return deliveries;
}

function groupBySubject(violations: readonly FreshViolation[]): Map<string, FreshViolation[]> {
  const groups = new Map<string, FreshViolation[]>();
  for (const violation of violations) {
    const key = `${violation.kind}\n${violation.pattern}\n${violation.service}`;
    const group = groups.get(key);
    if (group) group.push(violation);
    else groups.set(key, [violation]);
  }
  return groups;
}

async function trackSubject(
  transaction: Executor,
  violations: readonly FreshViolation[],
  now: Date,
): Promise<string[]> {
  const [first] = violations;
  if (!first) return [];
  const { service, kind, pattern } = first;
  const minutes = violations.map(({ timestamp }) => timestamp).sort((a, b) => a.getTime() - b.getTime());
  const config = await transaction.execute<{ minutes: number }>(
    sql`select ${resolveAfterMinutes(sql`${service}`)} as minutes`,
  );
  const reachMs = (config.rows[0]?.minutes ?? 0) * MINUTE_MS;
  const [earliest = now, latest = now] = [minutes[0], minutes.at(-1)];
  const deliveries = await resolveOverdue(transaction, now, first);
  const known = await transaction.execute(sql`
    select id, first_at, last_at, resolved_at is not null as resolved from logs.alert_incidents
    where ${isSubject(first)} and (resolved_at is null or last_at >= ${addMs(earliest, -reachMs)}::timestamptz and first_at <= ${addMs(latest, reachMs)}::timestamptz)
    order by first_at`);
  const groups = groupMinutes(minutes, z.array(incidentRow).parse(known.rows), reachMs, now);
  for (const group of groups) {
    const isOver = addMs(group.lastAt, MINUTE_MS + reachMs) <= now;
    const id = group.known
      ? await extend(transaction, group.known.id, group)
      : await open(transaction, first, group, now, isOver);
    await transaction.execute(sql`
      update logs.alert_violations set incident_id = ${id}
      where service = ${service} and level = ${kind === "warning" ? "warning" : "error"}
        and coalesce(pattern, 0) = coalesce(${pattern}::bigint, 0)
        and timestamp = any(${sql.param(group.minutes.map((minute) => minute.toISOString()))}::timestamptz[])`);
    if (!group.known) deliveries.push(...(await queueNotification(transaction, id, "opened", now)));
  }
  return deliveries;
}

/** @param minutes in order of time */
export function groupMinutes(minutes: readonly Date[], known: readonly Known[], reachMs: number, now: Date): Group[] {
  const matter = (minute: Date) => addMs(minute, MINUTE_MS + reachMs) > now;
  const groups: Group[] = known.map((incident) => ({
    known: incident,
    firstAt: incident.first_at,
    lastAt: incident.last_at,
    minutes: [],
  }));
  for (const minute of minutes) {
    const matters = matter(minute);
    const fitting = groups.filter((group) => {
      const near = minute >= addMs(group.firstAt, -reachMs) && minute <= addMs(group.lastAt, reachMs);
      if (!matters) return near;
      // Only one incident of a subject is open at a time: what matters now joins it, however far ahead its time is.
      if (group.known) return !group.known.resolved;
      return near || matter(group.lastAt);
    });
    const group = fitting.find(({ known: incident }) => incident && !incident.resolved) ?? fitting[0];
    if (group) {
      if (minute < group.firstAt) group.firstAt = minute;
      if (minute > group.lastAt) group.lastAt = minute;
      group.minutes.push(minute);
    } else groups.push({ known: null, firstAt: minute, lastAt: minute, minutes: [minute] });
  }
  return groups.filter((group) => group.minutes.length > 0);
}

async function extend(transaction: Executor, id: number, { firstAt, lastAt }: Group): Promise<number> {
  await transaction.execute(sql`
    update logs.alert_incidents set first_at = ${firstAt}::timestamptz, last_at = ${lastAt}::timestamptz where id = ${id}`);
  return id;
}

/** One that late entries made, and that is over already, is resolved as it opens: people are told of it once. */
async function open(
  transaction: Executor,
  { service, kind, pattern }: Subject,
  { firstAt, lastAt }: Group,
  now: Date,
  isOver: boolean,
): Promise<number> {
  const made = await transaction.execute<{ id: string }>(sql`
    insert into logs.alert_incidents (service, kind, pattern, first_at, last_at, opened_at, resolved_at)
    values (${service}, ${kind}, ${pattern}::bigint, ${firstAt}::timestamptz, ${lastAt}::timestamptz, ${now}::timestamptz,
      ${isOver ? now : null}::timestamptz)
    returning id`);
  return Number(made.rows[0]?.id);
}
