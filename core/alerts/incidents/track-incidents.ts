import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { moments } from "@/core/moments";
import { queueOpening } from "../delivery/queue-notification";
import { extendIncident } from "./extend-incident";
import { groupMinutes, knownIncidentRow, type MinuteGroup } from "./group-minutes";
import { lockIncidents, type SubjectSpan } from "./lock-incidents";
import { nearIncidents } from "./near-incidents";
import { resolveAfterMinutes, resolveOverdue } from "./resolve-overdue";
import type { Subject } from "./subject";

export type FreshViolation = Subject & { timestamp: Date };

/**
 * Joins new violations to incidents: those of one service and level, or one of its patterns, that lie at most `resolve_after_minutes` apart are
 * one incident. Late ones join an incident that is over when they fit; one that still matters now never does, so that
 * nobody misses it. Incidents between which they lie become one.
 * @returns ids of deliveries to be sent after commit
 */
export async function trackIncidents(
  transaction: Executor,
  violations: readonly FreshViolation[],
  now: Date,
): Promise<string[]> {
  const subjects = groupBySubject(violations);
  await lockIncidents(transaction, subjects);
  const deliveries: string[] = [];
  for (const subject of subjects) deliveries.push(...(await trackSubject(transaction, subject, now)));
  return deliveries;
}

/** What is new of a subject; its minutes in order of time. */
type FreshMinutes = SubjectSpan & { minutes: Date[] };

function groupBySubject(violations: readonly FreshViolation[]): FreshMinutes[] {
  const subjects = new Map<string, FreshMinutes>();
  const inOrder = violations.toSorted((one, other) => one.timestamp.getTime() - other.timestamp.getTime());
  for (const { service, kind, pattern, timestamp } of inOrder) {
    const key = `${kind}\n${pattern}\n${service}`;
    const known = subjects.get(key);
    if (known) {
      known.minutes.push(timestamp);
      known.latest = timestamp;
    } else subjects.set(key, { service, kind, pattern, earliest: timestamp, latest: timestamp, minutes: [timestamp] });
  }
  return [...subjects.values()];
}

async function trackSubject(transaction: Executor, subject: FreshMinutes, now: Date): Promise<string[]> {
  const { service, kind, pattern, earliest, latest, minutes } = subject;
  const config = await transaction.execute<{ minutes: number }>(
    sql`select ${resolveAfterMinutes(sql`${service}`)} as minutes`,
  );
  const reachMs = (config.rows[0]?.minutes ?? 0) * MINUTE_MS;
  const deliveries = await resolveOverdue(transaction, now, subject);
  const near = nearIncidents({
    service: sql`${service}`,
    kind: sql`${kind}`,
    pattern: sql`${pattern}::bigint`,
    from: sql`${addMs(earliest, -reachMs)}::timestamptz`,
    to: sql`${addMs(latest, reachMs)}::timestamptz`,
  });
  const known = await transaction.execute(
    sql`select id, first_at, last_at, crossed_at, resolved_at is not null as resolved from ${near} as near order by id`,
  );
  for (const group of groupMinutes(minutes, z.array(knownIncidentRow).parse(known.rows), reachMs, now)) {
    const isNew = group.known.length === 0;
    const isOver = addMs(group.crossedAt, MINUTE_MS + reachMs) <= now;
    const id = isNew ? await open(transaction, subject, group, now, isOver) : await extendIncident(transaction, group);
    await transaction.execute(sql`
      update logs.alert_violations set incident_id = ${id}
      where service = ${service} and level = ${kind === "warning" ? "warning" : "error"}
        and coalesce(pattern, 0) = coalesce(${pattern}::bigint, 0)
        and timestamp = any(${moments(group.minutes)})`);
    if (isNew) deliveries.push(...(await queueOpening(transaction, id, isOver, now)));
  }
  return deliveries;
}

/** One that late entries made, and that is over already, is resolved as it opens: people are told of it once. */
async function open(
  transaction: Executor,
  { service, kind, pattern }: Subject,
  { firstAt, lastAt, crossedAt }: MinuteGroup,
  now: Date,
  isOver: boolean,
): Promise<number> {
  const made = await transaction.execute<{ id: string }>(sql`
    insert into logs.alert_incidents (service, kind, severity, pattern, first_at, last_at, crossed_at, opened_at, resolved_at)
    values (${service}, ${kind}, ${kind === "warning" ? "warning" : "error"}, ${pattern}::bigint, ${firstAt}::timestamptz, ${lastAt}::timestamptz,
      ${crossedAt}::timestamptz, ${now}::timestamptz,
      ${isOver ? now : null}::timestamptz)
    returning id`);
  return Number(made.rows[0]?.id);
}
