import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { HttpReceiver } from "@/core/testing/receivers";
import { configureShop } from "@/core/testing/shop-config";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { deleteConfig } from "../configs/delete-config";
import { updateConfig } from "../configs/update-config";
import { listIncidents } from "../incidents/list-incidents";
import { deleteQueryAlert } from "../queries/delete-query-alert";
import { createQueryAlert } from "../queries/save-query-alert";
import { queryAlertInputSchema } from "../queries/schemas";
import { alertConfigChangeSchema } from "../schemas";
import { type DeliveryContext, deliver } from "./deliver";
import { queueNotification } from "./queue-notification";

const NOW = "2026-03-10T12:00:20Z";
const context = testDatabase(NOW);
const receiver = new HttpReceiver();
let sending: DeliveryContext & typeof context;

beforeAll(async () => {
  await receiver.start();
  sending = Object.assign(context, { mailer: null, publicUrl: "https://logs.example.com" });
});
afterAll(() => receiver.stop());

beforeEach(async () => {
  context.outbox.requested.length = 0;
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  receiver.calls.length = 0;
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.pattern_minute, logs.alert_configs, logs.alert_thresholds, logs.alert_violations,
      logs.alert_incidents, logs.alert_deliveries, logs.alert_queries cascade`);
});

const pager = (key: string) => ({
  channel: "webhook",
  format: "pagerduty",
  target: `${receiver.url}/enqueue`,
  secret: key,
});

const configure = (given: object) => configureShop(context, given);

const change = (changed: object) => updateConfig(context, "shop", alertConfigChangeSchema.parse(changed));

const calledSchema = z.object({ routing_key: z.string(), event_action: z.string(), dedup_key: z.string() });

/** Sends what was queued since. @returns what pagers were called with: where, the key, what is to be done, and of which incident */
async function told(): Promise<string[][]> {
  for (const id of context.outbox.requested.splice(0)) {
    expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
  }
  return receiver.calls.splice(0).flatMap(({ path, body }) => {
    const { data } = calledSchema.safeParse(JSON.parse(body));
    return data ? [[path, data.routing_key, data.event_action, data.dedup_key]] : [];
  });
}

/** Crosses the threshold. @returns what pagers were told */
async function cross(): Promise<string[][]> {
  const entry = { service: "shop", level: "error", message: "failed", timestamp: NOW };
  await sendEntries(ingestOf(context), [entry, entry, entry]);
  return told();
}

const secrets = async () => {
  const { rows } = await context.db.execute(sql`
    select count(*)::int as number from logs.alert_deliveries where secret is not null`);
  return rows[0]?.number;
};

test("given an incident that is open, when its pager is removed or gets another key, then it is closed there with what was known of it, and only there", async () => {
  const { receivers } = await configure({
    receivers: [pager("one"), pager("two"), { ...pager("three"), target: `${receiver.url}/other` }],
  });
  const opened = await cross();
  const known = opened[0]?.[3] ?? "";
  expect(opened).toEqual([
    ["/enqueue", "one", "trigger", known],
    ["/enqueue", "two", "trigger", known],
    ["/other", "three", "trigger", known],
  ]);
  const [, second, third] = receivers.map(({ id, channel, format, target, least_severity }) => ({
    id,
    channel,
    format,
    target,
    least_severity,
  }));
  await change({
    receivers: [
      { ...second, secret: "new" },
      { ...third, least_severity: "error" },
    ],
  });
  expect(await secrets()).toBe(2);
  expect(await told()).toEqual([
    ["/enqueue", "one", "resolve", known],
    ["/enqueue", "two", "resolve", known],
  ]);
  expect(await secrets()).toBe(0);
  // It is open still.
  expect(await listIncidents(context, { state: "open" })).toHaveLength(1);
  await change({ receivers: [] });
  expect(await told()).toEqual([
    ["/enqueue", "new", "resolve", known],
    ["/other", "three", "resolve", known],
  ]);
});

test("given incidents that are open, when their configuration is deleted, then pagers are told, others are not", async () => {
  await configure({
    alert_webhook_url: `${receiver.url}/own`,
    webhook_format: "pagerduty",
    webhook_secret: "own",
    receivers: [pager("one"), { channel: "webhook", format: "generic", target: `${receiver.url}/plain` }],
  });
  const opened = await cross();
  expect(opened.map(([path]) => path)).toEqual(["/own", "/enqueue"]);
  await deleteConfig(context, "shop");
  expect(await told()).toEqual(opened.map(([path, key, , known]) => [path, key, "resolve", known]));
  expect(context.outbox.requested).toEqual([]);
});

test("given a pager that was told of what is over, or of nothing, when it is removed, then nothing is sent", async () => {
  await configure({ receivers: [pager("one")] });
  expect(await cross()).toHaveLength(1);
  await context.db.execute(sql`update logs.alert_incidents set resolved_at = ${NOW}::timestamptz`);
  await change({ receivers: [pager("two")] });
  await change({ receivers: [] });
  expect(await told()).toEqual([]);
});

test("given a pager of the alert for every service, when a service gets an alert of its own or is left out, then what is open of it is closed there, and only that", async () => {
  await configure({ service: "*", receivers: [pager("every")] });
  const opened = await cross();
  expect(opened.map(([, key, action]) => [key, action])).toEqual([["every", "trigger"]]);
  const others = ["left", "stays"].map((service) => ({ service, level: "error", message: "failed", timestamp: NOW }));
  await sendEntries(ingestOf(context), [...others, ...others, ...others]);
  expect(await told()).toHaveLength(2);
  await configure({ enabled: false });
  expect(await told()).toEqual(opened.map(([path, key, , known]) => [path, key, "resolve", known]));
  await updateConfig(context, "*", alertConfigChangeSchema.parse({ except_services: ["left", "shop"] }));
  const closed = await told();
  expect(closed).toHaveLength(1);
  const [incident] = await listIncidents(context, { service: "left" });
  expect(closed[0]).toEqual(["/enqueue", "every", "resolve", `cordwood-incident-${incident?.id}`]);
});

test("given an alert on a query with an open incident, when it is deleted, then its pager is told", async () => {
  const { id } = await createQueryAlert(
    context,
    queryAlertInputSchema.parse({
      name: "an alert",
      watch: "value",
      query: "level>=error | stats count() as n",
      threshold: 1,
      receivers: [pager("query")],
    }),
  );
  const { rows } = await context.db.execute(sql`
    insert into logs.alert_incidents (service, kind, alert_id, group_key, first_at, last_at, opened_at)
    values ('*', 'query', ${id}, '[]', ${NOW}, ${NOW}, ${NOW}) returning id`);
  const incident = Number(rows[0]?.id);
  context.outbox.request(
    await context.db.transaction((transaction) => queueNotification(transaction, incident, "opened", new Date(NOW))),
  );
  const [[path, key, , known] = []] = await told();
  await deleteQueryAlert(context, id);
  expect(await told()).toEqual([[path, key, "resolve", known]]);
});
