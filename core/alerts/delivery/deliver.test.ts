import { createHmac } from "node:crypto";
import net from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createMailer } from "@/core/mail/mailer";
import { HttpReceiver, MailReceiver } from "@/core/testing/receivers";
import { configureShop } from "@/core/testing/shop-config";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { testConfig } from "../configs/test-config";
import { updateConfig } from "../configs/update-config";
import { acknowledgeIncident } from "../incidents/acknowledge-incident";
import { getIncident } from "../incidents/get-incident";
import { listIncidents } from "../incidents/list-incidents";
import { resolveOverdue } from "../incidents/resolve-overdue";
import { listViolations } from "../list-violations";
import { alertConfigChangeSchema, alertConfigInputSchema, silenceInputSchema } from "../schemas";
import { createSilence } from "../silences/create-silence";
import { loadMessage } from "./alert-message";
import { type DeliveryContext, deliver } from "./deliver";
import { sendEmail } from "./notifiers/send-email";
import { listDueDeliveries } from "./outbox";

const NOW = "2026-03-10T12:00:20Z";
const context = testDatabase(NOW);
const receiver = new HttpReceiver();
const mail = new MailReceiver();
let sending: DeliveryContext & typeof context;

beforeAll(async () => {
  await Promise.all([receiver.start(), mail.start()]);
  sending = Object.assign(context, {
    mailer: createMailer(mail.url, "Cordwood <alerts@example.com>"),
    webhookPolicy: { allowPrivate: true, allowed: [] },
    publicUrl: "https://logs.example.com",
  });
});
afterAll(() => Promise.all([receiver.stop(), mail.stop()]));

beforeEach(async () => {
  context.clock.set(NOW);
  context.outbox.requested.length = 0;
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  receiver.calls.length = 0;
  receiver.answer = { status: 200 };
  receiver.meanwhile = async () => undefined;
  mail.mails.length = 0;
  mail.refuse = null;
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.pattern_minute, logs.alert_configs, logs.alert_thresholds, logs.alert_violations,
      logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries, logs.alert_silences cascade`);
});

const configure = (given: object) => configureShop(context, given);

/** Crosses the threshold, and gives the ids of what has to be sent. */
async function cross(): Promise<string[]> {
  const messages = ["card declined", "card declined", "<b>no & stock</b>"];
  await sendEntries(
    ingestOf(context),
    messages.map((message) => ({ service: "shop", level: "error", message, timestamp: NOW })),
  );
  return [...context.outbox.requested];
}

const only = async () => (await getIncident(context, (await listIncidents(context, {}))[0]?.id ?? 0)).deliveries[0];

test("given an address list, when a minute crosses, then one mail reaches all, with what happened as text and as HTML", async () => {
  await configure({ alert_email: " ops@example.com,dev@example.com" });
  const [id = ""] = await cross();
  expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
  const [received] = mail.mails;
  expect(received?.subject).toBe("Alert: 3 errors a minute in shop, more than 2");
  expect(received?.messageId).toBe(`<${id}@cordwood>`);
  expect(received?.from?.text).toBe('"Cordwood" <alerts@example.com>');
  expect([received?.to].flat()[0]?.text).toBe("ops@example.com, dev@example.com");
  for (const part of [received?.text, received?.html]) {
    expect(part).toContain("card declined");
    expect(part).toContain("https://logs.example.com/alerts/incident?id=");
    expect(part).toContain("2026-03-10 12:00 UTC");
  }
  expect(String(received?.html)).toContain("&lt;b&gt;no &amp; stock&lt;/b&gt;");
  expect((await listViolations(context, {}))[0]?.alert_sent_at).toBe(new Date(NOW).toISOString());
  expect(await deliver(sending, id)).toEqual({ status: "skipped" });
  expect(mail.mails).toHaveLength(1);
});

test("given an address that the mail server refuses, then the others get it once, and that one is tried again", async () => {
  await configure({ alert_email: "ops@example.com, away@example.com, dev@example.com" });
  mail.unknown.add("away@example.com");
  const [id = ""] = await cross();
  expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
  const [incident] = await listIncidents(context, {});
  const deliveries = async () =>
    (await getIncident(context, incident?.id ?? 0)).deliveries
      .map(({ target, status, attempts, last_error }) => ({ target, status, attempts, last_error }))
      .sort((one, other) => one.status.localeCompare(other.status));
  const refused = { target: "away@example.com", attempts: 1, last_error: expect.stringContaining("no such mailbox") };
  const taken = { target: "ops@example.com, dev@example.com", status: "delivered", attempts: 1, last_error: null };
  expect(await deliveries()).toEqual([taken, { ...refused, status: "pending" }]);
  expect(await testConfig(sending, "shop")).toMatchObject([
    { ok: false, error: expect.stringMatching(/^away@example\.com: .*no such mailbox/) },
  ]);
  mail.mails.length = 0;
  mail.unknown.clear();
  context.clock.set("2026-03-10T12:00:25Z");
  const [due = ""] = await listDueDeliveries(context);
  expect(await deliver(sending, due)).toMatchObject({ status: "delivered" });
  expect(mail.mails.map(({ to }) => [to].flat()[0]?.text)).toEqual(["away@example.com"]);
  expect((await deliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
});

test("given an incident that becomes a part of another while its message is sent, then its minutes are told of", async () => {
  context.clock.set("2026-03-10T11:40:00Z");
  await configure({ alert_webhook_url: `${receiver.url}/hook` });
  context.clock.set(NOW);
  const crossAt = async (timestamp: string) => {
    const entry = { service: "shop", level: "error", message: "failed", timestamp };
    await sendEntries(ingestOf(context), [entry, entry, entry]);
  };
  await crossAt("2026-03-10T11:50:00Z");
  await crossAt(NOW);
  receiver.meanwhile = () => crossAt("2026-03-10T11:55:00Z");
  expect(await deliver(sending, context.outbox.requested[1] ?? "")).toMatchObject({ status: "delivered" });
  expect(await listIncidents(context, {})).toMatchObject([{ first_at: "2026-03-10T11:50:00.000Z", violations: 3 }]);
  const sentAt = new Date(NOW).toISOString();
  expect((await listViolations(context, {})).map(({ alert_sent_at }) => alert_sent_at)).toEqual([
    sentAt,
    sentAt,
    sentAt,
  ]);
});

test("given a webhook with a secret, then the call is signed by Standard Webhooks and carries the delivery's id", async () => {
  await configure({ alert_webhook_url: `${receiver.url}/hook`, webhook_secret: "s3cret" });
  const [id = ""] = await cross();
  expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
  const [call] = receiver.calls;
  expect(call?.path).toBe("/hook");
  expect(call?.headers["webhook-id"]).toBe(id);
  const timestamp = call?.headers["webhook-timestamp"];
  expect(timestamp).toBe(String(Date.parse(NOW) / 1_000));
  const signature = createHmac("sha256", "s3cret").update(`${id}.${timestamp}.${call?.body}`).digest("base64");
  expect(call?.headers["webhook-signature"]).toBe(`v1,${signature}`);
  expect(JSON.parse(call?.body ?? "")).toMatchObject({
    delivery_id: id,
    kind: "opened",
    service: "shop",
    incident_kind: "error",
    count: 3,
    threshold: 2,
    top_messages: [
      { message: "card declined", count: 2 },
      { message: "<b>no & stock</b>", count: 1 },
    ],
  });
});

test.each([
  ["slack", (body: { text: string }) => body.text],
  ["discord", (body: { content: string }) => body.content],
  [
    "teams",
    (body: { attachments: { content: { body: { inlines: { text: string }[] }[] } }[] }) =>
      body.attachments[0]?.content.body[0]?.inlines[0]?.text,
  ],
])("given the format %s, then its receivers find the headline where they look for it", async (format, headline) => {
  await configure({ alert_webhook_url: receiver.url, webhook_format: format });
  const [id = ""] = await cross();
  await deliver(sending, id);
  expect(headline(JSON.parse(receiver.calls[0]?.body ?? ""))).toBe("Alert: 3 errors a minute in shop, more than 2");
});

/** Makes errors of 40 minutes ago, which are over by now. */
async function crossLate(): Promise<string[]> {
  const entry = { service: "shop", level: "error", message: "failed", timestamp: "2026-03-10T11:20:00Z" };
  await sendEntries(ingestOf(context), [entry, entry, entry]);
  return [...context.outbox.requested];
}

test("given an incident that is over already, then people are told once, and what keeps incidents opens and closes it", async () => {
  context.clock.set("2026-03-10T11:00:00Z");
  await configure({
    alert_email: "ops@example.com",
    receivers: [
      { channel: "webhook", target: `${receiver.url}/slack`, format: "slack" },
      { channel: "webhook", target: `${receiver.url}/pager`, format: "pagerduty", secret: "key" },
    ],
  });
  context.clock.set(NOW);
  const ids = await crossLate();
  expect(ids).toHaveLength(4);
  // Whoever comes first: what closes waits for what opens.
  const outcomes = new Map<string, string>();
  for (const id of [...ids].reverse()) outcomes.set(id, (await deliver(sending, id)).status);
  expect([...outcomes.values()].sort()).toEqual(["delivered", "delivered", "delivered", "skipped"]);
  for (const id of await listDueDeliveries(context)) await deliver(sending, id);
  expect(mail.mails).toHaveLength(1);
  const told = receiver.calls.map(({ path, body }) => [path, JSON.parse(body).event_action]);
  expect(told.filter(([path]) => path === "/slack")).toHaveLength(1);
  expect(told.filter(([path]) => path === "/pager")).toEqual([
    ["/pager", "trigger"],
    ["/pager", "resolve"],
  ]);
});

describe("what keeps incidents itself", () => {
  /** To PagerDuty, to Opsgenie, and to people. */
  const configureAll = (changed: Record<string, unknown> = {}) =>
    configure({
      alert_email: "ops@example.com",
      alert_webhook_url: `${receiver.url}/pager`,
      webhook_format: "pagerduty",
      webhook_secret: "key",
      receivers: [{ channel: "webhook", target: `${receiver.url}/genie`, format: "opsgenie", secret: "key" }],
      ...changed,
    });

  async function sendDue(): Promise<void> {
    for (let due = await listDueDeliveries(context); due.length > 0; due = await listDueDeliveries(context)) {
      for (const id of due) expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
    }
  }

  const eventSchema = z.object({ event_action: z.string().optional(), dedup_key: z.string().optional() });

  /** What became of which incident where: of PagerDuty's calls by their bodies, of Opsgenie's by their paths. */
  const calls = () =>
    receiver.calls
      .map(({ path, body }) => {
        const { event_action, dedup_key } = eventSchema.parse(JSON.parse(body));
        return path === "/pager" ? `${event_action} ${dedup_key}` : path.split("?")[0];
      })
      .sort();

  async function end(): Promise<void> {
    context.clock.set("2026-03-10T12:10:00Z");
    await context.db.transaction((transaction) => resolveOverdue(transaction, context.clock.now()));
    await sendDue();
  }

  const opened = async () => (await listIncidents(context, {}))[0]?.id ?? 0;

  test.each<[string, Record<string, unknown>, (id: number) => Promise<unknown>]>([
    ["in quiet hours", { quiet_hours: { from: "12:05", to: "13:00", time_zone: "UTC" } }, async () => undefined],
    [
      "in a silence",
      {},
      () =>
        createSilence(context, silenceInputSchema.parse({ ends_at: "2026-03-10T14:00:00Z", reason: "maintenance" })),
    ],
    ["after somebody has taken it", {}, (id) => acknowledgeIncident(context, id, "")],
    ["without notify_resolved", { notify_resolved: false }, async () => undefined],
    ["with an alert that is switched off", {}, () => updateConfig(context, "shop", { enabled: false })],
  ])("given an incident that ends %s, then it is closed there, and people hear nothing", async (_, given, act) => {
    await configureAll(given);
    await cross();
    await sendDue();
    const id = await opened();
    await act(id);
    await end();
    expect(calls()).toEqual([
      "/genie",
      `/genie/cordwood-incident-${id}/close`,
      `resolve cordwood-incident-${id}`,
      `trigger cordwood-incident-${id}`,
    ]);
    expect(mail.mails).toHaveLength(1);
  });

  test("given an opening that was never told, then the end is told of nowhere", async () => {
    await configureAll();
    await createSilence(context, silenceInputSchema.parse({ ends_at: "2026-03-10T14:00:00Z", reason: "maintenance" }));
    await cross();
    await end();
    expect(calls()).toEqual([]);
  });

  /** Two that were told of, and became one. @returns their ids */
  async function becomeOne(): Promise<number[]> {
    context.clock.set("2026-03-10T11:40:00Z");
    await configureAll({ receivers: [], alert_email: null });
    context.clock.set(NOW);
    const crossAt = async (timestamp: string) => {
      const entry = { service: "shop", level: "error", message: "failed", timestamp };
      await sendEntries(ingestOf(context), [entry, entry, entry]);
      await sendDue();
      return opened();
    };
    const early = await crossAt("2026-03-10T11:50:00Z");
    const late = await crossAt(NOW);
    await crossAt("2026-03-10T11:55:00Z");
    receiver.calls.length = 0;
    return [early, late];
  }

  test("given incidents that became one after they were told, when it ends, then each is closed under the key that it was opened by", async () => {
    const ids = await becomeOne();
    await end();
    expect(calls()).toEqual(ids.map((id) => `resolve cordwood-incident-${id}`).sort());
  });

  test("given that closing each takes long, then the attempt ends within its lease, and the next one closes all", async () => {
    const ids = await becomeOne();
    context.clock.set("2026-03-10T12:10:00Z");
    await context.db.transaction((transaction) => resolveOverdue(transaction, context.clock.now()));
    const [id = ""] = await listDueDeliveries(context);
    receiver.meanwhile = async () => context.clock.set("2026-03-10T12:10:45Z");
    expect(await deliver(sending, id)).toMatchObject({ status: "retry", error: "not all was told within 45 s" });
    expect(calls()).toHaveLength(1);

    receiver.meanwhile = async () => undefined;
    receiver.calls.length = 0;
    context.clock.set("2026-03-10T12:12:00Z");
    await sendDue();
    expect(calls()).toEqual(ids.map((each) => `resolve cordwood-incident-${each}`).sort());
  });
});

describe("receivers that fail", () => {
  test("given an opening that could not be told, when the incident is over, then its end is told after it", async () => {
    await configure({ alert_webhook_url: receiver.url, webhook_format: "pagerduty", webhook_secret: "key" });
    receiver.answer = { status: 500 };
    const [opened = ""] = await cross();
    expect(await deliver(sending, opened)).toMatchObject({ status: "retry" });
    receiver.answer = { status: 202 };
    context.clock.set("2026-03-10T12:10:00Z");
    const [resolved = ""] = await context.db.transaction((transaction) =>
      resolveOverdue(transaction, context.clock.now()),
    );
    expect(await deliver(sending, resolved)).toEqual({ status: "skipped" });
    expect(await listDueDeliveries(context)).toEqual([opened]);
    expect(await deliver(sending, opened)).toMatchObject({ status: "delivered" });
    expect(await listDueDeliveries(context)).toEqual([resolved]);
    expect(await deliver(sending, resolved)).toMatchObject({ status: "delivered" });
    expect(receiver.calls.map(({ body }) => JSON.parse(body).event_action)).toEqual(["trigger", "trigger", "resolve"]);
  });

  test.each([
    [{ status: 500, body: "x".repeat(5_000) }, /^status 500: x{200}$/],
    [{ status: 404 }, /^status 404$/],
    [
      { status: 302, headers: { location: "http://169.254.169.254/" } },
      /^redirected to http:\/\/169\.254\.169\.254\/…: /,
    ],
    [{ status: 302, headers: { location: "gopher://x" } }, /^redirected: /],
    ["reset" as const, /socket hang up|ECONNRESET/],
  ])(
    "given the answer %j, then it is tried again later and the reason shows, but not the whole answer",
    async (answer, reason) => {
      await configure({ alert_webhook_url: receiver.url });
      receiver.answer = answer;
      const [id = ""] = await cross();
      const outcome = await deliver(sending, id);
      expect(outcome).toMatchObject({ status: "retry", inMs: 5_000 });
      expect(await only()).toMatchObject({ status: "pending", attempts: 1, last_error: expect.stringMatching(reason) });
      expect(receiver.calls).toHaveLength(1);
      expect((await listViolations(context, {}))[0]?.alert_sent_at).toBeNull();
      expect(await listDueDeliveries(context)).toEqual([]);
      context.clock.set("2026-03-10T12:00:25Z");
      expect(await listDueDeliveries(context)).toEqual([id]);
      receiver.answer = { status: 204 };
      expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
      expect(receiver.calls.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    },
  );

  test("given a receiver that names the address in what it answers, then the secret in that is not told", async () => {
    await configure({ alert_webhook_url: `${receiver.url}/services/T0/s3cret?token=t0ken` });
    const [id = ""] = await cross();
    receiver.answer = {
      status: 308,
      headers: { location: "https://other.example.com/services/T0/s3cret?token=t0ken" },
    };
    expect(await deliver(sending, id)).toMatchObject({ status: "retry" });
    expect((await only())?.last_error).toBe(
      "redirected to https://other.example.com/…: set the URL that it leads to, redirects are not followed",
    );
    context.clock.set("2026-03-10T12:00:25Z");
    receiver.answer = { status: 301, headers: { location: "s3cret/" } };
    expect(await deliver(sending, id)).toMatchObject({
      error: expect.stringMatching(/^redirected to http:\S+:\d+\/…: /),
    });
    context.clock.set("2026-03-10T12:00:40Z");
    const filler = "x".repeat(150);
    receiver.answer = {
      status: 404,
      body: `${filler} Cannot POST /services/T0/s3cret?token=t0ken, that is /services/T0/s3cret`,
    };
    expect(await deliver(sending, id)).toMatchObject({ error: `status 404: ${filler} Cannot POST /…, that is /…` });
  });

  test("given a receiver that is down for a day, then the waits grow, and it is given up with the reason", async () => {
    await configure({ alert_webhook_url: "http://127.0.0.1:9/" });
    const [id = ""] = await cross();
    const waits: number[] = [];
    let now = Date.parse(NOW);
    for (let attempt = 0; attempt < 60; attempt++) {
      const outcome = await deliver(sending, id);
      if (outcome.status !== "retry") break;
      waits.push(outcome.inMs / 1_000);
      now += outcome.inMs;
      context.clock.set(new Date(now).toISOString());
    }
    expect(waits.slice(0, 7)).toEqual([5, 15, 60, 300, 900, 3_600, 3_600]);
    expect(now - Date.parse(NOW)).toBeLessThanOrEqual(86_400_000);
    expect(await only()).toMatchObject({ status: "failed", last_error: expect.stringContaining("ECONNREFUSED") });
    expect(await listDueDeliveries(context)).toEqual([]);
  });

  test("given an attempt that ends after another one began, then the other one tells the outcome", async () => {
    await configure({ alert_webhook_url: receiver.url });
    const [id = ""] = await cross();
    for (const [status, minute] of [
      [500, 1],
      [200, 3],
    ] as const) {
      receiver.answer = { status };
      receiver.meanwhile = async () => {
        receiver.meanwhile = async () => undefined;
        context.clock.set(`2026-03-10T12:0${minute + 1}:30Z`);
        const due = sql`update logs.alert_deliveries set attempts = attempts + 1, next_attempt_at = '2026-03-10T12:09:00Z'`;
        await context.db.execute(due);
      };
      context.clock.set(`2026-03-10T12:0${minute}:30Z`);
      await context.db.execute(sql`update logs.alert_deliveries set next_attempt_at = '2026-03-10T12:01:00Z'`);
      expect(await deliver(sending, id)).toEqual({ status: "skipped" });
      expect(await only()).toMatchObject({ status: "sending", last_error: null, delivered_at: null });
    }
    expect((await listViolations(context, {}))[0]?.alert_sent_at).toBeNull();
  });

  test("given that the message can't be read, then no attempt has failed, and it is tried again after a minute", async () => {
    await configure({ alert_webhook_url: receiver.url });
    const [id = ""] = await cross();
    await context.db.execute(sql`alter table logs.alert_incident_redirects rename to away`);
    try {
      await expect(deliver(sending, id)).rejects.toThrow(/alert_incident_redirects/);
    } finally {
      await context.db.execute(sql`alter table logs.away rename to alert_incident_redirects`);
    }
    expect(await only()).toMatchObject({ status: "sending", last_error: null });
    context.clock.set("2026-03-10T12:01:20Z");
    expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
  });

  test("given a mail server that answers on and on and takes nothing, then the attempt ends", async () => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      const more = setInterval(() => socket.write("220-wait\r\n"), 20);
      socket.on("close", () => clearInterval(more));
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(z.object({ port: z.number() }).parse(server.address()).port));
    });
    const mailer = createMailer(`smtp://127.0.0.1:${port}`, "Cordwood <alerts@example.com>");
    await configure({ alert_webhook_url: receiver.url });
    const [id = ""] = await cross();
    const message = await loadMessage(context.db, id, "https://logs.example.com");

    await expect(sendEmail(mailer, "ops@example.com", message, id, 500)).rejects.toThrow(
      "the mail server did not take the mail within 0.5 s",
    );
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    [
      "another address",
      { alert_webhook_url: "/elsewhere", webhook_format: "pagerduty", webhook_secret: "new key" },
      ["/elsewhere"],
    ],
    ["no webhook", { alert_webhook_url: null, webhook_secret: null }, []],
  ])(
    "given %s before a call could be made, then the old one is given up, and no secret goes to where it was not meant to go",
    async (_, { alert_webhook_url, ...change }, others) => {
      await configure({ alert_webhook_url: `${receiver.url}/hook` });
      receiver.answer = { status: 500 };
      const [id = ""] = await cross();
      await deliver(sending, id);
      receiver.calls.length = 0;
      receiver.answer = { status: 200 };
      await updateConfig(
        context,
        "shop",
        alertConfigChangeSchema.parse({
          ...change,
          alert_webhook_url: alert_webhook_url && `${receiver.url}${alert_webhook_url}`,
        }),
      );
      context.clock.set("2026-03-10T12:10:00Z");
      await context.db.transaction((transaction) => resolveOverdue(transaction, context.clock.now()));
      expect(await deliver(sending, id)).toEqual({
        status: "failed",
        error: "its receiver was changed or removed meanwhile",
      });
      for (const due of await listDueDeliveries(context)) await deliver(sending, due);
      expect(receiver.calls.map(({ path }) => path)).toEqual(others);
    },
  );

  test("given a receiver that is removed before it could be called, then it is not called with the secret of another one", async () => {
    await configure({
      alert_webhook_url: `${receiver.url}/pager`,
      webhook_format: "pagerduty",
      webhook_secret: "key",
      receivers: [{ channel: "webhook", target: `${receiver.url}/other` }],
    });
    const ids = await cross();
    await updateConfig(context, "shop", { receivers: [] });
    const outcomes = await Promise.all(ids.map((id) => deliver(sending, id)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["delivered", "failed"]);
    expect(receiver.calls.map(({ path }) => path)).toEqual(["/pager"]);
  });

  test("given a mail server that refuses, then what it said is the reason", async () => {
    await configure({ alert_email: "ops@example.com" });
    mail.refuse = "mailbox full";
    const [id = ""] = await cross();
    expect(await deliver(sending, id)).toMatchObject({
      status: "retry",
      error: expect.stringContaining("mailbox full"),
    });
  });

  test("given no mail server, then the reason says what to set", async () => {
    await configure({ alert_email: "ops@example.com" });
    const [id = ""] = await cross();
    expect(await deliver({ ...sending, mailer: null }, id)).toMatchObject({
      error: "no mail server is set: set SMTP_URL",
    });
  });

  test("given a process that dies in the middle of an attempt, then another one sends after a minute, under the same id", async () => {
    await configure({ alert_webhook_url: receiver.url });
    const [id = ""] = await cross();
    await context.db.execute(sql`
      update logs.alert_deliveries set status = 'sending', attempts = 1, next_attempt_at = '2026-03-10T12:01:20Z'`);
    expect(await deliver(sending, id)).toEqual({ status: "skipped" });
    context.clock.set("2026-03-10T12:01:20Z");
    expect(await listDueDeliveries(context)).toEqual([id]);
    const outcomes = await Promise.all([deliver(sending, id), deliver(sending, id), deliver(sending, id)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["delivered", "skipped", "skipped"]);
    expect(receiver.calls).toHaveLength(1);
  });
});

describe("addresses that may not be called", () => {
  beforeEach(() => {
    context.webhookPolicy = { allowPrivate: false, allowed: [] };
  });

  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://localhost/",
    "http://localhost./",
    "http://x.localhost:8080/",
  ])("given %s, then the configuration is refused with the field's name", async (url) => {
    await expect(configure({ alert_webhook_url: url })).rejects.toMatchObject({
      kind: "invalid",
      data: { fields: { alert_webhook_url: expect.stringContaining("must not call") } },
    });
    await configure({});
    await expect(updateConfig(context, "shop", { alert_webhook_url: url })).rejects.toMatchObject({ kind: "invalid" });
  });

  test.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://example.com",
    "http://user:pass@example.com/",
    "https://",
    "example.com/hook",
    "https://example.com/\u0000".slice(0, 8),
  ])("given %j, then it is no webhook URL", (alert_webhook_url) => {
    const parsed = alertConfigInputSchema.safeParse({
      service: "s",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      alert_webhook_url,
    });
    expect(parsed.error?.issues[0]?.path).toEqual(["alert_webhook_url"]);
  });

  test.each([
    "a@example.com\r\nBcc: evil@example.com",
    "a@example.com\nX: y",
    "not an address",
    "a@",
    "<a@example.com>",
    Array.from({ length: 11 }, (_, index) => `a${index}@example.com`).join(","),
  ])("given the addresses %j, then they are refused", (alert_email) => {
    const parsed = alertConfigInputSchema.safeParse({
      service: "s",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      alert_email,
    });
    expect(parsed.error?.issues[0]?.path).toEqual(["alert_email"]);
  });

  test("given a name that resolves to this machine, then the connection is refused and nothing is sent", async () => {
    const { port } = new URL(receiver.url);
    // What a hostile name server would answer.
    context.webhookPolicy.lookup = (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
    await configure({ alert_webhook_url: `http://rebound.example.com:${port}/` });
    const [id = ""] = await cross();
    expect(await deliver(sending, id)).toMatchObject({
      status: "retry",
      error: expect.stringContaining("not allowed"),
    });
    expect(receiver.calls).toEqual([]);
  });

  test("given a private address that the server lists, then it may be called, and others still not", async () => {
    context.webhookPolicy = { allowPrivate: false, allowed: ["127.0.0.0/8"] };
    await configure({ alert_webhook_url: receiver.url });
    const [id = ""] = await cross();
    expect(await deliver(sending, id)).toMatchObject({ status: "delivered" });
    await expect(updateConfig(context, "shop", { alert_webhook_url: "http://10.0.0.1/" })).rejects.toMatchObject({
      kind: "invalid",
    });
  });
});

test("given a test from the form, then the outcome of each channel is told", async () => {
  await configure({ alert_email: "ops@example.com", alert_webhook_url: receiver.url });
  receiver.answer = { status: 500, body: "broken" };
  expect(await testConfig(sending, "shop")).toEqual([
    { channel: "email", target: "ops@example.com", ok: true, error: null },
    { channel: "webhook", target: receiver.url, ok: false, error: "status 500: broken" },
  ]);
  expect(mail.mails[0]?.subject).toBe("Test: alerts for shop reach you");
});
