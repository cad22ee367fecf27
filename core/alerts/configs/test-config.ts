import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { invalid, notFound, reasonOf } from "@/core/errors";
import { alertConfigs, alertQueries, alertReceivers } from "@/db/schema";
import type { AlertMessage } from "../delivery/alert-message";
import { type DeliveryContext, send, type Target } from "../delivery/deliver";
import { incidentLogsPath } from "../incidents/incident-logs-path";
import { describeWatch } from "../queries/describe-watch";
import { watchOf } from "../queries/load-alerts";
import { readAlertQuery } from "../queries/read-alert-query";
import type { TestOutcome } from "../schemas";
import { noConfig } from "./get-config";

type Receiver = Omit<Target, "id">;

/**
 * Sends a test to every receiver of a configuration, now, and tells what became of each.
 * @throws Fault not_found, or invalid when it names nobody
 */
export async function testConfig(context: DeliveryContext, service: string): Promise<TestOutcome[]> {
  const { db } = context;
  const [config] = await db.select().from(alertConfigs).where(eq(alertConfigs.service, service));
  if (!config) throw noConfig(service);
  const { webhookFormat: webhook_format, webhookSecret: webhook_secret } = config;
  const own: Receiver[] = [
    ...(config.alertEmail === null
      ? []
      : [{ channel: "email", target: config.alertEmail, webhook_format: null, webhook_secret: null } as const]),
    ...(config.alertWebhookUrl === null
      ? []
      : [{ channel: "webhook", target: config.alertWebhookUrl, webhook_format, webhook_secret } as const]),
  ];
  const others = await receiversOf(context, eq(alertReceivers.configId, config.id));
  return sendTests(context, [...own, ...others], {
    ...messageOf(context, service),
    threshold: config.errorThresholdPerMin,
    runbook_url: config.runbookUrl,
  });
}

/** The same of an alert on a query. @throws Fault not_found, or invalid when it names nobody */
export async function testQueryAlert(context: DeliveryContext, id: number): Promise<TestOutcome[]> {
  const { db, clock, publicUrl } = context;
  const [alert] = await db.select().from(alertQueries).where(eq(alertQueries.id, id));
  if (!alert) throw notFound(`there is no alert ${id}`);
  const watch = watchOf(alert);
  const watched = {
    alert: alert.name,
    group: {},
    lines: readAlertQuery(watch).lines,
    condition: describeWatch(watch),
    comparison: alert.comparison,
    window_minutes: alert.windowMinutes,
  };
  const path = incidentLogsPath({ service: "*", kind: "query", pattern: null, watched }, clock.now(), clock.now());
  return sendTests(context, await receiversOf(context, eq(alertReceivers.alertId, id)), {
    ...messageOf(context, "*"),
    incident_kind: "query",
    alert: alert.name,
    group: {},
    condition: watched.condition,
    severity: alert.severity,
    runbook_url: alert.runbookUrl,
    logs_url: `${publicUrl}${path}`,
  });
}

async function receiversOf({ db }: DeliveryContext, of: ReturnType<typeof eq>): Promise<Receiver[]> {
  const rows = await db.select().from(alertReceivers).where(of).orderBy(asc(alertReceivers.id));
  return rows.map(({ channel, target, format, secret }) => ({
    channel,
    target,
    webhook_format: format,
    webhook_secret: secret,
  }));
}

function messageOf({ clock, publicUrl }: DeliveryContext, service: string): AlertMessage {
  const now = clock.now();
  const time = now.toISOString();
  return {
    kind: "test",
    incident_id: null,
    former_incident_ids: [],
    service,
    incident_kind: "error",
    pattern: null,
    template: null,
    first_at: time,
    last_at: time,
    resolved_at: null,
    count: null,
    threshold: null,
    top_messages: [],
    incident_url: `${publicUrl}/alerts`,
    logs_url: `${publicUrl}${incidentLogsPath({ service, kind: "absence", pattern: null, watched: null }, now, now)}`,
    severity: "error",
    alert: null,
    group: null,
    value: null,
    condition: null,
    runbook_url: null,
  };
}

async function sendTests(
  context: DeliveryContext,
  receivers: readonly Receiver[],
  message: AlertMessage,
): Promise<TestOutcome[]> {
  if (receivers.length === 0) throw invalid("it names nobody: neither an e-mail address nor a webhook");
  return Promise.all(
    receivers.map(async (receiver) => {
      const { channel, target } = receiver;
      try {
        const refused = await send(context, { id: randomUUID(), ...receiver }, message);
        return {
          channel,
          target,
          ok: refused === null,
          error: refused && `${refused.addresses.join(", ")}: ${refused.error}`,
        };
      } catch (error) {
        return { channel, target, ok: false, error: reasonOf(error) };
      }
    }),
  );
}
