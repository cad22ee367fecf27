import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { alertDeliveries, alertIncidentRedirects } from "@/db/schema";
import { hiddenWebhookUrl } from "../configs/hide-webhook-url";
import type { Incident, IncidentDetail } from "../schemas";
import { configFor } from "./alert-of";
import { listIncidents } from "./list-incidents";

/** Minutes shown before and after the incident's own, and at most in all. */
const AROUND_MINUTES = 15;
const MOST_MINUTES = 720;

/**
 * An incident with the counts of its minutes and those around it, and with what was sent. For what became a part of
 * another incident it is that one, with an id of its own.
 * @throws Fault not_found
 */
export async function getIncident(context: Context, id: number): Promise<IncidentDetail> {
  const [incident] = await listIncidents(context, { ids: [id] });
  if (!incident) return getIncident(context, await followRedirect(context, id));
  const { db } = context;
  const isOfQuery = incident.kind === "query";
  const minutes = isOfQuery ? await readWindows(context, incident) : await countMinutes(context, incident);
  const ofIncident = eq(alertDeliveries.incidentId, incident.id);
  const deliveries = await db
    .select()
    .from(alertDeliveries)
    .where(ofIncident)
    .orderBy(desc(alertDeliveries.createdAt), desc(alertDeliveries.channel))
    .limit(LIMITS.listedDeliveries);
  return {
    ...incident,
    config_service: isOfQuery ? null : await findConfigService(context, incident.service),
    minutes,
    has_more_minutes: isOfQuery ? incident.violations > MOST_MINUTES : spanOf(incident).isCut,
    delivery_count: await db.$count(alertDeliveries, ofIncident),
    deliveries: deliveries.reverse().map((row) => ({
      id: row.id,
      kind: row.kind,
      channel: row.channel,
      target: row.channel === "webhook" ? hiddenWebhookUrl(row.target) : row.target,
      status: row.status,
      attempts: row.attempts,
      last_error: row.lastError,
      created_at: row.createdAt.toISOString(),
      next_attempt_at: row.nextAttemptAt.toISOString(),
      delivered_at: row.deliveredAt?.toISOString() ?? null,
    })),
  };
}

async function findConfigService({ db }: Context, service: string): Promise<string | null> {
  const result = await db.execute(sql`select config.service from ${configFor(sql`${service}::text`)} as config`);
  const [config] = z.array(z.object({ service: z.string() })).parse(result.rows);
  return config?.service ?? null;
}

async function followRedirect({ db }: Context, id: number): Promise<number> {
  const [redirect] = await db.select().from(alertIncidentRedirects).where(eq(alertIncidentRedirects.id, id));
  if (!redirect) throw notFound(`there is no incident ${id}`);
  return redirect.incidentId;
}

/** The minutes of an incident that are shown, with those around it. */
function spanOf({ first_at, last_at }: Incident): { from: Date; to: Date; isCut: boolean } {
  const from = addMs(new Date(first_at), -AROUND_MINUTES * MINUTE_MS);
  const end = addMs(new Date(last_at), (AROUND_MINUTES + 1) * MINUTE_MS);
  const most = addMs(from, MOST_MINUTES * MINUTE_MS);
  return end > most ? { from, to: most, isCut: true } : { from, to: end, isCut: false };
}

async function countMinutes({ db }: Context, incident: Incident) {
  const { service, kind, pattern } = incident;
  const { from, to } = spanOf(incident);
  const levels = kind === "absence" ? sql`true` : kind === "warning" ? sql`level = 'warning'` : sql`level >= 'error'`;
  const counts =
    pattern === null
      ? sql`logs.stats_minute`
      : sql`(
          select bucket, service, level, count
          from logs.pattern_minute as known left join logs.pattern_aliases as alias on alias.pattern = known.pattern
          where coalesce(canonical, known.pattern) = ${pattern}::bigint)`;
  const result = await db.execute(sql`
    select minute as timestamp, coalesce(sum(known.count), 0)::float8 as count
    from generate_series(date_trunc('minute', ${from}::timestamptz), ${addMs(to, -1)}::timestamptz, interval '1 minute') as minute
    left join ${counts} as known on known.bucket = minute and known.service = ${service} and ${levels}
    group by minute order by minute`);
  return z
    .array(z.object({ timestamp: z.coerce.date(), count: z.number() }))
    .parse(result.rows)
    .map(({ timestamp, count }) => ({ timestamp: timestamp.toISOString(), count }));
}

/** Of a query's group what was compared in the windows that crossed, by their last minutes. */
async function readWindows({ db }: Context, { id }: Incident) {
  const result = await db.execute(sql`
    select ends_at - interval '1 minute' as timestamp, value as count from (
      select ends_at, value from logs.alert_windows where incident_id = ${id} order by ends_at desc limit ${MOST_MINUTES}
    ) as latest order by 1`);
  return z
    .array(z.object({ timestamp: z.coerce.date(), count: z.number() }))
    .parse(result.rows)
    .map(({ timestamp, count }) => ({ timestamp: timestamp.toISOString(), count }));
}
