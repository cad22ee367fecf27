import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { cutText } from "@/core/cut-text";
import { notFound } from "@/core/errors";
import { renderTemplate } from "@/core/patterns/render-template";
import { OTHER_MESSAGES } from "@/core/stats/get-top-errors";
import { DELIVERY_KINDS, INCIDENT_KINDS, SEVERITIES } from "@/db/schema/alert-names";
import { ALERT_OF_INCIDENT } from "../incidents/alert-of";
import { formerIds } from "../incidents/former-ids";
import { incidentLogsPath } from "../incidents/incident-logs-path";
import { incidentPath } from "../incidents/incident-path";
import { lastAt } from "../incidents/last-at";
import { formatValue } from "../queries/describe-watch";
import { type Watched, watchedSchema } from "../schemas";

const TOP_MESSAGES = 5;
const MESSAGE_CHARACTERS = 300;

/** What a notification says, for every channel the same. Times are ISO 8601 in UTC. */
export type AlertMessage = {
  kind: (typeof DELIVERY_KINDS)[number] | "test";
  incident_id: number | null;
  /** Ids under which parts of the incident may have been told of before. */
  former_incident_ids: number[];
  service: string;
  incident_kind: (typeof INCIDENT_KINDS)[number];
  /** Of the kinds pattern and new_pattern; null for others. */
  pattern: string | null;
  template: string | null;
  first_at: string;
  last_at: string;
  resolved_at: string | null;
  /** Of the latest minute that crossed; null where nothing is counted. */
  count: number | null;
  threshold: number | null;
  top_messages: { message: string; count: number }[];
  /** Of the incident's page, and of the service's entries. */
  incident_url: string;
  logs_url: string;
  severity: (typeof SEVERITIES)[number];
  /**
   * Of the kind query, null for others: the alert's name, its group, what was compared in its latest window and how. Of an alert that was
   * stopped the group is empty, the value null, and the condition says why.
   */
  alert: string | null;
  group: Record<string, string> | null;
  value: number | null;
  condition: string | null;
  runbook_url: string | null;
};

const rowSchema = z.object({
  kind: z.enum(DELIVERY_KINDS),
  incident_id: z.coerce.number(),
  former_incident_ids: z.array(z.coerce.number()),
  service: z.string(),
  incident_kind: z.enum(INCIDENT_KINDS),
  pattern: z.string().nullable(),
  sample: z.string().nullable(),
  first_at: z.coerce.date(),
  last_at: z.coerce.date(),
  resolved_at: z.coerce.date().nullable(),
  count: z.coerce.number().nullable(),
  threshold: z.number().nullable(),
  severity: z.enum(SEVERITIES),
  runbook_url: z.string().nullable(),
  watched: watchedSchema.nullable(),
  value: z.number().nullable(),
});

/** @throws Fault not_found for a delivery that is not there any more */
export async function loadMessage(db: Context["db"], deliveryId: string, publicUrl: string): Promise<AlertMessage> {
  const result = await db.execute(sql`
    select delivery.kind, incident.id as incident_id, ${formerIds(sql`incident.id`)} as former_incident_ids, incident.service, incident.kind as incident_kind,
      incident.pattern::text, sample,
      incident.first_at, ${lastAt(sql`incident`)} as last_at, incident.resolved_at, latest.current_count as count, latest.threshold_value as threshold,
      severity, watched, (
        select value from logs.alert_windows where incident_id = incident.id order by ends_at desc limit 1) as value, (select runbook_url from ${ALERT_OF_INCIDENT} as alert) as runbook_url
    from logs.alert_deliveries as delivery join logs.alert_incidents as incident on incident.id = delivery.incident_id
    left join logs.patterns on patterns.id = incident.pattern
    left join lateral (
      select current_count, threshold_value from logs.alert_violations
      where incident_id = incident.id order by timestamp desc limit 1) as latest on true
    where delivery.id = ${deliveryId}::uuid`);
  const [found] = z.array(rowSchema).parse(result.rows);
  if (!found) throw notFound(`there is no delivery ${deliveryId}`);
  const { sample, watched, ...row } = found;
  return {
    ...row,
    ...watchedPart(watched),
    template: sample === null ? null : renderTemplate(sample),
    first_at: row.first_at.toISOString(),
    last_at: row.last_at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
    top_messages: row.incident_kind === "absence" || row.incident_kind === "query" ? [] : await topMessagesOf(db, row),
    incident_url: `${publicUrl}${incidentPath(row.incident_id)}`,
    logs_url: `${publicUrl}${incidentLogsPath({ ...row, kind: row.incident_kind, watched }, row.first_at, row.last_at)}`,
  };
}

const watchedPart = (watched: Watched | null) => ({
  alert: watched?.alert ?? null,
  group: watched?.group ?? null,
  condition: watched?.condition ?? null,
});

type Subject = Pick<z.infer<typeof rowSchema>, "service" | "incident_kind" | "pattern" | "last_at">;

/** Of the latest minute, the most frequent first. */
async function topMessagesOf(db: Context["db"], { service, incident_kind, pattern, last_at }: Subject) {
  const levels = incident_kind === "warning" ? sql`level = 'warning'` : sql`level >= 'error'`;
  const ofPattern = pattern === null ? sql`` : sql`and coalesce(canonical, known.pattern) = ${pattern}::bigint`;
  const result = await db.execute(sql`
    select coalesce(left(sample, ${MESSAGE_CHARACTERS}), ${OTHER_MESSAGES}) as message, count from (
      select coalesce(canonical, known.pattern) as pattern, sum(count)::int as count
      from logs.pattern_minute as known left join logs.pattern_aliases as alias on alias.pattern = known.pattern
      where bucket = ${last_at}::timestamptz and service = ${service} and ${levels} ${ofPattern}
      group by 1 order by count desc, 1 limit ${TOP_MESSAGES}
    ) as top left join logs.patterns on id = top.pattern order by count desc, message`);
  return z.array(z.object({ message: z.string(), count: z.number() })).parse(result.rows);
}

const HEADLINE_TEMPLATE_CHARACTERS = 150;
/** Of values by which lines are grouped, which may be as long as attributes. */
const HEADLINE_VALUE_CHARACTERS = 60;
/** Of what may say why an alert was stopped. */
const HEADLINE_CONDITION_CHARACTERS = 200;
const FACT_CHARACTERS = 200;

function subjectOf(message: AlertMessage): string {
  const { service, incident_kind, template, count, threshold } = message;
  const often = count ?? "too many";
  const error = (template ?? "(its lines are gone)").slice(0, HEADLINE_TEMPLATE_CHARACTERS);
  switch (incident_kind) {
    case "absence":
      return `no logs from ${service}`;
    case "new_pattern":
      return `new error in ${service}: ${error}`;
    case "pattern":
      return `${often} times a minute in ${service}, more than ${threshold}: ${error}`;
    case "query":
      return watchedHeadline(message);
    default:
      return `${often} ${incident_kind}s a minute in ${service}, more than ${threshold}`;
  }
}

function watchedHeadline({ alert, group, value, condition }: AlertMessage): string {
  const of = Object.entries(group ?? {}).map(([name, text]) => `${name} ${cutText(text, HEADLINE_VALUE_CHARACTERS)}`);
  const what = of.length === 0 ? (alert ?? "an alert") : `${alert} (${of.join(", ")})`;
  if (value !== null) return `${what}: ${formatValue(value)}, ${condition}`;
  return condition === null ? what : `${what}: ${cutText(condition, HEADLINE_CONDITION_CHARACTERS)}`;
}

/** One line that says all: for subjects, chat messages and lists. */
export function headlineOf(message: AlertMessage): string {
  const { kind, service, resolved_at } = message;
  if (kind === "test") return `Test: alerts for ${message.alert ?? service} reach you`;
  const what = subjectOf(message);
  if (kind === "resolved") return `Resolved: ${what}`;
  if (kind === "reminder") return `Still open: ${what}`;
  return resolved_at === null ? `Alert: ${what}` : `Alert, over already: ${what}`;
}

/** Facts below the headline, as label and value. */
export function factsOf(message: AlertMessage): [string, string][] {
  const { kind, first_at, last_at, resolved_at, incident_kind, group } = message;
  if (kind === "test") return [];
  const minute = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
  return [
    ...Object.entries(group ?? {}).map(([name, text]): [string, string] => [name, cutText(text, FACT_CHARACTERS)]),
    [incident_kind === "absence" ? "Silent since" : "First minute", minute(first_at)],
    ...(incident_kind === "absence" ? [] : [["Latest minute", minute(last_at)] as [string, string]]),
    ...(resolved_at ? [["Resolved", minute(resolved_at)] as [string, string]] : []),
  ];
}
