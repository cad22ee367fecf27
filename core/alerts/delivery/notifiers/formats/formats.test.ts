import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { sealWebhookSecret } from "@/core/alerts/configs/webhook-secret";
import { HttpReceiver } from "@/core/testing/receivers";
import { testDatabase } from "@/core/testing/test-database";
import { WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import type { AlertMessage } from "../../alert-message";
import { type DeliveryContext, send } from "../../deliver";

const context = testDatabase("2026-03-10T12:00:20Z");
const receiver = new HttpReceiver();
let sending: DeliveryContext;

beforeAll(async () => {
  await receiver.start();
  sending = {
    ...context,
    mailer: null,
    webhookPolicy: { allowPrivate: true, allowed: [] },
    publicUrl: "https://logs.example.com",
  };
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.calls.length = 0;
});

const DELIVERY = "0b7e1a90-8f2f-4d52-a1ef-1f2a9a6d7c11";
const opened: AlertMessage = {
  kind: "opened",
  incident_id: 7,
  former_incident_ids: [],
  service: "shop",
  incident_kind: "query",
  pattern: null,
  template: null,
  first_at: "2026-03-10T12:00:00.000Z",
  last_at: "2026-03-10T12:04:00.000Z",
  resolved_at: null,
  count: null,
  threshold: null,
  top_messages: [{ message: "card <declined> & *gone* ```x```", count: 28 }],
  incident_url: "https://logs.example.com/alerts/incident?id=7",
  logs_url: "https://logs.example.com/logs?q=a%3Ab&from=1",
  severity: "critical",
  alert: "Failing routes",
  group: { "http.route": "/pay" },
  value: 12.5,
  condition: "more than 5 % in 10 minutes",
  runbook_url: "https://wiki.example.com/pay",
};
const resolved: AlertMessage = { ...opened, kind: "resolved", resolved_at: "2026-03-10T12:20:00.000Z" };
const HEADLINE = "Alert: Failing routes (http.route /pay): 12.5, more than 5 % in 10 minutes";
/** As long as texts can be, with what is more than one UTF-16 unit. */
const longest: AlertMessage = {
  ...opened,
  alert: "n".repeat(100),
  group: Object.fromEntries(Array.from({ length: 5 }, (_, key) => [`key${key}`, "🪵&<".repeat(3_000)])),
  top_messages: Array.from({ length: 5 }, () => ({ message: '🪵&<"'.repeat(75), count: 1_000 })),
};

async function call(
  format: (typeof WEBHOOK_FORMATS)[number],
  message: AlertMessage,
  path = "/hook",
  secret: string | null = "k".repeat(32),
) {
  receiver.calls.length = 0;
  await send(
    sending,
    {
      id: DELIVERY,
      channel: "webhook",
      target: `${receiver.url}${path}`,
      webhook_format: format,
      webhook_secret: sealWebhookSecret(context, secret),
    },
    message,
  );
  const [received] = receiver.calls;
  if (!received) throw new Error("nothing was called");
  expect(received.headers["content-type"]).toBe("application/json");
  const body: unknown = JSON.parse(received.body);
  return { path: received.path, headers: received.headers, body, bytes: Buffer.byteLength(received.body) };
}

const text = (most: number) => z.string().min(1).max(most);
const url = z.url();

/** Slack's reference of blocks. */
const slackSchema = z.strictObject({
  text: text(40_000),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
  blocks: z
    .array(
      z.strictObject({
        type: z.literal("section"),
        text: z.strictObject({ type: z.literal("mrkdwn"), text: text(3_000) }),
      }),
    )
    .max(50),
});
/** Discord's of messages: all texts of embeds together have at most 6,000 characters. */
const discordSchema = z.strictObject({
  content: text(2_000),
  allowed_mentions: z.strictObject({ parse: z.array(z.string()).max(0) }),
  embeds: z
    .array(
      z
        .strictObject({
          title: text(256),
          url,
          color: z.int().min(0).max(0xffffff),
          description: text(4_096),
          fields: z.array(z.strictObject({ name: text(256), value: text(1_024), inline: z.boolean() })).max(25),
        })
        .refine(({ title, description, fields }) => {
          const all = [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
          return all.reduce((sum, one) => sum + one.length, 0) <= 6_000;
        }),
    )
    .max(10),
});
/** Of Adaptive Cards 1.4. */
const teamsSchema = z.strictObject({
  type: z.literal("message"),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal("application/vnd.microsoft.card.adaptive"),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: url,
        type: z.literal("AdaptiveCard"),
        version: z.literal("1.4"),
        body: z.array(
          z.strictObject({
            type: z.literal("RichTextBlock"),
            inlines: z.array(
              z.strictObject({
                type: z.literal("TextRun"),
                text: z.string(),
                weight: z.enum(["Bolder"]).optional(),
                color: z.enum(["Default", "Accent", "Good", "Warning", "Attention"]).optional(),
                fontType: z.enum(["Monospace"]).optional(),
              }),
            ),
          }),
        ),
        actions: z.array(z.strictObject({ type: z.literal("Action.OpenUrl"), title: z.string(), url })).max(6),
      }),
    }),
  ]),
});
/** PagerDuty's Events API v2. */
const pagerdutySchema = z.discriminatedUnion("event_action", [
  z.strictObject({
    routing_key: z.string().length(32),
    dedup_key: text(255),
    event_action: z.literal("trigger"),
    client: z.string(),
    client_url: url,
    links: z.array(z.strictObject({ href: url, text: z.string() })),
    payload: z.strictObject({
      summary: text(1_024),
      source: text(1_024),
      severity: z.enum(["critical", "error", "warning", "info"]),
      timestamp: z.iso.datetime(),
      component: z.string(),
      class: z.string(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
  }),
  z.strictObject({ routing_key: z.string().length(32), dedup_key: text(255), event_action: z.literal("resolve") }),
]);
/** Opsgenie's Alert API. */
const opsgenieSchema = z.strictObject({
  message: text(130),
  alias: text(512),
  description: text(15_000),
  priority: z.enum(["P1", "P2", "P3", "P4", "P5"]),
  source: text(100),
  entity: text(512),
  tags: z.array(text(50)).max(20),
  details: z.record(z.string(), z.string()).refine((details) => JSON.stringify(details).length <= 8_000),
});
/** ntfy's publishing as JSON. */
const ntfySchema = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string().refine((title) => Buffer.byteLength(title) <= 1_000),
  message: z.string().refine((message) => Buffer.byteLength(message) <= 4_096),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string()),
  click: url,
  actions: z.array(z.strictObject({ action: z.literal("view"), label: z.string(), url })).max(3),
});
/** Telegram's sendMessage; the text after entities are parsed. */
const telegramSchema = z.strictObject({
  chat_id: z.string().min(1),
  message_thread_id: z.int().optional(),
  text: z.string().refine((html) => {
    const plain = html.replaceAll(/<[^>]*>/g, "").replaceAll(/&(?:amp|lt|gt|quot);/g, "x");
    const opened = html.match(/<(?:b|pre|a)\b/g)?.length ?? 0;
    return (
      plain.length <= 4_096 &&
      opened === html.match(/<\/(?:b|pre|a)>/g)?.length &&
      !/&(?!amp;|lt;|gt;|quot;)/.test(html)
    );
  }),
  parse_mode: z.literal("HTML"),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }),
  disable_notification: z.boolean(),
});

const SCHEMAS = {
  slack: slackSchema,
  discord: discordSchema,
  teams: teamsSchema,
  pagerduty: pagerdutySchema,
  opsgenie: opsgenieSchema,
  ntfy: ntfySchema,
  telegram: telegramSchema,
} as const;

describe.each(Object.entries(SCHEMAS))("%s", (name, schema) => {
  const format = z.enum(WEBHOOK_FORMATS).parse(name);
  const path = format === "telegram" ? "/bot1:x/sendMessage?chat_id=-100" : "/my-topic";

  test.each([
    ["an incident that opens", opened],
    ["the longest texts", longest],
    ["a test", { ...opened, kind: "test" as const, incident_id: null, group: {}, top_messages: [] }],
  ])("given %s, then the call has the shape that its documentation asks for", async (_, message) => {
    const { body, bytes } = await call(format, message, path);
    expect(() => schema.parse(body)).not.toThrow();
    if (format === "teams") expect(bytes).toBeLessThan(28 * 1024);
    if (format === "pagerduty") expect(bytes).toBeLessThan(512 * 1024);
  });

  test("given an incident, then its receiver reads what it is, and finds its pages", async () => {
    const { body } = await call(format, opened, path);
    const told = JSON.stringify(body);
    expect(told).toContain(HEADLINE);
    for (const link of ["alerts/incident?id=7", "https://wiki.example.com/pay"]) expect(told).toContain(link);
  });
});

test("given an incident that is over, then PagerDuty resolves and Opsgenie closes what was opened", async () => {
  const triggered = z.object({ dedup_key: z.string() }).parse((await call("pagerduty", opened)).body);
  expect((await call("pagerduty", resolved)).body).toEqual({
    routing_key: "k".repeat(32),
    dedup_key: triggered.dedup_key,
    event_action: "resolve",
  });
  const created = await call("opsgenie", opened, "/v2/alerts");
  expect([created.path, created.headers.authorization]).toEqual(["/v2/alerts", `GenieKey ${"k".repeat(32)}`]);
  const { alias } = z.object({ alias: z.string() }).parse(created.body);
  const closed = await call("opsgenie", resolved, "/v2/alerts");
  expect(closed.path).toBe(`/v2/alerts/${alias}/close?identifierType=alias`);
  expect(closed.body).toEqual({ source: "Cordwood", note: expect.stringContaining("Resolved: Failing routes") });
});

test("given a line and a group with Markdown in them, then Discord and Teams show it as it is", async () => {
  const link = "[Incident](https://evil.example) **now** ```x``` \\[y](z)";
  const hostile = { ...opened, alert: link, group: { [link]: link }, top_messages: [{ message: link, count: 3 }] };

  const [embed] = discordSchema.parse((await call("discord", hostile)).body).embeds;
  const escaped = "\\[Incident\\](https://evil.example) \\*\\*now\\*\\* \\`\\`\\`x\\`\\`\\` \\\\\\[y\\](z)";
  expect(embed?.title).toContain(`Alert: ${escaped} (`);
  expect(embed?.fields[0]).toMatchObject({ name: escaped, value: escaped });
  expect(embed?.description).toMatch(
    /^```\n3x \[Incident\]\(https:\/\/evil\.example\) \*\*now\*\* '''x''' \\\[y\]\(z\)\n```\n\[Incident\]/,
  );
  // Where there is no embed, a link between < and > has no preview.
  const unfetched = escaped.replace("https://evil.example", "<https://evil.example>");
  expect(discordSchema.parse((await call("discord", hostile)).body).content).toContain(`Alert: ${unfetched} (`);

  // Runs of text know no Markdown.
  const { body } = teamsSchema.parse((await call("teams", hostile)).body).attachments[0].content;
  expect(body.map(({ inlines }) => inlines.map(({ text: run }) => run).join(""))).toContain(`${link}: ${link}`);
});

test("given a topic below a folder and an access token, then ntfy is called at its root with both", async () => {
  const { path, headers, body } = await call("ntfy", opened, "/push/my-topic", "tk_secret");
  expect([path, headers.authorization]).toEqual(["/push", "Bearer tk_secret"]);
  expect(body).toMatchObject({ topic: "my-topic", priority: 5 });
  expect((await call("ntfy", opened, "/my-topic", null)).headers.authorization).toBeUndefined();
});

test("given a chat and a topic of it, then Telegram finds them in the body, and the address has none", async () => {
  const { path, body } = await call("telegram", opened, "/bot1:x/sendMessage?chat_id=-100&message_thread_id=5");
  expect(path).toBe("/bot1:x/sendMessage");
  expect(body).toMatchObject({ chat_id: "-100", message_thread_id: 5 });
});

test("given a secret that is a key of the receiver, then nothing is signed by it", async () => {
  for (const format of WEBHOOK_FORMATS) {
    const { headers } = await call(format, opened, "/bot1:x/sendMessage?chat_id=1");
    const isSigned = ["generic", "slack", "discord", "teams"].includes(format);
    expect(headers["webhook-signature"] !== undefined, format).toBe(isSigned);
  }
});
