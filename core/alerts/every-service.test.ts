import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkThresholds } from "./check-thresholds";
import { createConfig } from "./configs/create-config";
import { deleteConfig } from "./configs/delete-config";
import { updateConfig } from "./configs/update-config";
import { getIncident } from "./incidents/get-incident";
import { listIncidents } from "./incidents/list-incidents";
import { listViolations } from "./list-violations";
import { alertConfigChangeSchema, alertConfigInputSchema } from "./schemas";

const NOW = "2026-03-10T12:00:20Z";
const context = testDatabase(NOW);

beforeEach(async () => {
  context.clock.set(NOW);
  context.outbox.requested.length = 0;
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.services, logs.alert_configs, logs.alert_thresholds, logs.alert_violations,
      logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries, logs.alert_receivers cascade`);
  await context.db.execute(sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`);
});

const configure = (given: Record<string, unknown>) =>
  createConfig(
    context,
    alertConfigInputSchema.parse({ service: "*", error_threshold_per_min: 2, warning_threshold_per_min: 2, ...given }),
  );

const send = (service: string, count: number, level = "error") =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, () => ({
      service,
      level,
      message: "m",
      timestamp: context.clock.now().toISOString(),
    })),
  );

const crossed = async () => (await listViolations(context, {})).map(({ service }) => service).sort();

const at = (time: string) => context.clock.set(`2026-03-10T${time}Z`);

describe("every service", () => {
  test("given services that are new, known and left out, then the alert is for all but those, and incidents name them", async () => {
    await send("known", 1, "info");
    await configure({ except_services: ["batch"] });
    await Promise.all(["known", "new", "batch"].map((service) => send(service, 3)));
    expect(await crossed()).toEqual(["known", "new"]);
    const incidents = await listIncidents(context, { state: "open" });
    expect(incidents.map(({ service, kind }) => [service, kind]).sort()).toEqual([
      ["known", "error"],
      ["new", "error"],
    ]);
  });

  test("given an alert of a service's own, then that holds, also when it is off, until it is deleted", async () => {
    await configure({});
    await configure({ service: "own", error_threshold_per_min: 10 });
    await configure({ service: "off", enabled: false });
    for (const service of ["own", "off", "other"]) await send(service, 3);
    expect(await crossed()).toEqual(["other"]);
    at("12:01:20");
    await deleteConfig(context, "own");
    await deleteConfig(context, "off");
    for (const service of ["own", "off"]) await send(service, 3);
    expect(await crossed()).toEqual(["off", "other", "own"]);
  });

  test("given incidents of services, then each says whose alert it is of", async () => {
    await configure({});
    await configure({ service: "own" });
    for (const service of ["own", "other"]) await send(service, 3);
    const configOf = async () => {
      const incidents = await listIncidents(context, {});
      const details = await Promise.all(incidents.map(({ id }) => getIncident(context, id)));
      return details.map(({ service, config_service }) => `${service}: ${config_service}`).sort();
    };
    expect(await configOf()).toEqual(["other: *", "own: own"]);
    await deleteConfig(context, "*");
    await deleteConfig(context, "own");
    expect(await configOf()).toEqual(["other: null", "own: null"]);
  });

  test("given other thresholds and exceptions, then they hold from the minute that runs, and what was stays", async () => {
    await configure({});
    for (const service of ["a", "b"]) await send(service, 3);
    at("12:01:20");
    await send("a", 3);
    await updateConfig(
      context,
      "*",
      alertConfigChangeSchema.parse({ error_threshold_per_min: 5, except_services: ["b"] }),
    );
    for (const service of ["a", "b", "c"]) await send(service, 6);
    expect(
      (await listViolations(context, {}))
        .map(({ service, timestamp, threshold_value }) => `${service} ${timestamp.slice(14, 16)} ${threshold_value}`)
        .sort(),
    ).toEqual(["a 00 2", "a 01 5", "b 00 2", "c 01 5"]);
    at("12:02:20");
    await deleteConfig(context, "*");
    await send("a", 9);
    expect(await listViolations(context, { from: new Date("2026-03-10T12:02:00Z") })).toEqual([]);
    expect(await listIncidents(context, { state: "open" })).toEqual([]);
  });

  test("given errors in the minute that runs, when a service's own alert is deleted, then it crosses by that for every service, and stays open", async () => {
    await configure({});
    await configure({ service: "own", error_threshold_per_min: 10 });
    await send("own", 5);
    expect(await listIncidents(context, {})).toEqual([]);
    await deleteConfig(context, "own");
    expect(await listIncidents(context, {})).toMatchObject([{ service: "own", state: "open" }]);
  });

  test("given writers of many new services at the same time, then each crosses once", async () => {
    await configure({});
    const services = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, "0")}`);
    await Promise.all(services.flatMap((service) => [send(service, 2), send(service, 2)]));
    await checkThresholds(context);
    expect(await crossed()).toEqual(services);
    expect(await listIncidents(context, { state: "open" })).toHaveLength(20);
  });

  test("given no logs for so long of any service, then the silent one is told of", async () => {
    await configure({ no_logs_minutes: 5 });
    for (const service of ["silent", "alive"]) await send(service, 1, "info");
    at("12:06:20");
    await send("alive", 1, "info");
    await checkThresholds(context);
    expect((await listIncidents(context, { state: "open" })).map(({ service, kind }) => [service, kind])).toEqual([
      ["silent", "absence"],
    ]);
  });
});

describe("receivers", () => {
  const receivers = [
    { channel: "webhook", target: "https://chat.example.com/a", format: "slack", least_severity: "warning" },
    {
      channel: "webhook",
      target: "https://events.pagerduty.com/v2/enqueue",
      format: "pagerduty",
      secret: "k".repeat(32),
      least_severity: "error",
    },
  ];
  const told = async () => {
    const { rows } = await context.db.execute(sql`
      select incident.kind, target from logs.alert_deliveries as delivery
      join logs.alert_incidents as incident on incident.id = incident_id order by incident.kind, target`);
    return z
      .array(z.object({ kind: z.string(), target: z.string() }))
      .parse(rows)
      .map(({ kind, target }) => `${kind} ${new URL(target).host}`);
  };

  test("given a least severity of each, then warnings are told to one and errors to both", async () => {
    const config = await configure({ service: "shop", receivers });
    expect(config.receivers.map(({ format, secret_set }) => [format, secret_set])).toEqual([
      ["slack", false],
      ["pagerduty", true],
    ]);
    await send("shop", 3, "warning");
    await send("shop", 3);
    expect(await told()).toEqual(["error chat.example.com", "error events.pagerduty.com", "warning chat.example.com"]);
  });

  test("given a change that names one by its id, then its secret stays, and the other is no more", async () => {
    const { receivers: before } = await configure({ service: "shop", receivers });
    const kept = { ...receivers[1], id: before[1]?.id, secret: undefined };
    const change = alertConfigChangeSchema.parse({ receivers: [kept] });
    expect((await updateConfig(context, "shop", change)).receivers).toMatchObject([
      { id: before[1]?.id, format: "pagerduty", secret_set: true },
    ]);
    const wrong = alertConfigChangeSchema.parse({ receivers: [{ ...kept, id: 999_999 }] });
    await expect(updateConfig(context, "shop", wrong)).rejects.toMatchObject({ kind: "invalid" });
  });

  test("given quiet hours, then nobody is told until they end, and then of what is still open", async () => {
    // 12:00 in UTC is 13:00 in Berlin.
    const quiet_hours = { from: "12:30", to: "13:30", time_zone: "Europe/Berlin" };
    await configure({ service: "shop", receivers, quiet_hours, resolve_after_minutes: 60 });
    await send("shop", 3);
    await checkThresholds(context);
    expect(await told()).toEqual([]);
    at("12:31:00");
    await checkThresholds(context);
    expect(await told()).toEqual(["error chat.example.com", "error events.pagerduty.com"]);
  });

  test.each([
    [{ channel: "webhook", target: "https://a.example.com", format: "pagerduty" }, "secret"],
    [{ channel: "webhook", target: "https://api.telegram.org/bot1:x/sendMessage", format: "telegram" }, "target"],
    [{ channel: "email", target: "nobody" }, "target"],
    [{ channel: "webhook", target: "ftp://a.example.com" }, "target"],
    [{ channel: "sms", target: "1" }, "channel"],
  ])("given %j, then it is refused at its field", (receiver, field) => {
    const parsed = alertConfigInputSchema.safeParse({
      service: "a",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      receivers: [receiver],
    });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toContain(`receivers.0.${field}`);
  });
});
