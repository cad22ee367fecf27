import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { invalid, reasonOf } from "@/core/errors";
import { alertConfigs } from "@/db/schema";
import type { AlertMessage } from "../delivery/alert-message";
import { type DeliveryContext, send } from "../delivery/deliver";
import { incidentLogsPath } from "../incidents/incident-logs-path";
import type { TestOutcome } from "../schemas";
import { noConfig } from "./get-config";

/**
 * Sends a test to every channel of a configuration, now, and tells what became of each.
 * @throws Fault not_found, or invalid when it names no channel
 */
export async function testConfig(context: DeliveryContext, service: string): Promise<TestOutcome[]> {
  const [config] = await context.db.select().from(alertConfigs).where(eq(alertConfigs.service, service));
  if (!config) throw noConfig(service);
  const now = context.clock.now().toISOString();
  const message: AlertMessage = {
    kind: "test",
    incident_id: null,
    former_incident_ids: [],
    service,
    incident_kind: "error",
    pattern: null,
    template: null,
    first_at: now,
    last_at: now,
    resolved_at: null,
    count: null,
    threshold: config.errorThresholdPerMin,
    top_messages: [],
    incident_url: `${context.publicUrl}/alerts`,
    logs_url: `${context.publicUrl}${incidentLogsPath({ service, kind: "absence", pattern: null }, context.clock.now(), context.clock.now())}`,
  };
  const targets = [
    { channel: "email" as const, target: config.alertEmail },
    { channel: "webhook" as const, target: config.alertWebhookUrl },
  ].filter((target): target is { channel: "email" | "webhook"; target: string } => target.target !== null);
  if (targets.length === 0) throw invalid("the configuration names neither an e-mail address nor a webhook");
  return Promise.all(
    targets.map(async ({ channel, target }) => {
      const { webhookFormat: webhook_format, webhookSecret: webhook_secret } = config;
      try {
        await send(context, { id: randomUUID(), channel, target, webhook_format, webhook_secret }, message);
        return { channel, target, ok: true, error: null };
      } catch (error) {
        return { channel, target, ok: false, error: reasonOf(error) };
      }
    }),
  );
}
