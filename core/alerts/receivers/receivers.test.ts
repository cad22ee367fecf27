import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { configureShop } from "@/core/testing/shop-config";
import { testDatabase } from "@/core/testing/test-database";
import { updateConfig } from "../configs/update-config";
import { openWebhookSecret } from "../configs/webhook-secret";
import { alertConfigChangeSchema } from "../schemas";

const context = testDatabase("2026-03-10T12:00:00Z");

beforeEach(async () => {
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  await context.db.execute(sql`truncate logs.alert_configs cascade`);
});

const pager = { channel: "webhook", format: "pagerduty", target: "https://events.example.com/v2/enqueue" };

const create = (given: object) => configureShop(context, given);

const change = (given: object) => updateConfig(context, "shop", alertConfigChangeSchema.parse(given));

/** What is stored, of the configuration itself and of its receivers. */
async function secrets(): Promise<(string | null)[]> {
  const { rows } = await context.db.execute<{ secret: string | null }>(sql`
    select webhook_secret as secret from logs.alert_configs union all (select secret from logs.alert_receivers order by id)`);
  return rows.map(({ secret }) => openWebhookSecret(context, secret));
}

test("given a receiver with a key, when it is changed without one, then the key stays as long as it goes to the same server in the same form", async () => {
  const { receivers } = await create({ receivers: [{ ...pager, secret: "key" }] });
  const id = receivers[0]?.id;
  await change({ receivers: [{ ...pager, id, target: "https://events.example.com/other", least_severity: "error" }] });
  expect(await secrets()).toEqual([null, "key"]);
  for (const elsewhere of [
    { target: "https://evil.example.com/v2/enqueue" },
    { target: "http://events.example.com/v2/enqueue" },
    { target: "https://events.example.com:444/v2/enqueue" },
    { format: "ntfy" },
    { channel: "email", target: "me@example.com" },
  ]) {
    await expect(change({ receivers: [{ ...pager, id, ...elsewhere }] })).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("receivers.0.secret must be given again"),
    });
  }
  expect(await secrets()).toEqual([null, "key"]);
});

test("given a receiver that goes elsewhere, then it has the secret that comes with it, or none where it needs none", async () => {
  const { receivers } = await create({ receivers: [{ ...pager, secret: "key" }] });
  const id = receivers[0]?.id;
  await expect(change({ receivers: [{ ...pager, id, secret: null }] })).rejects.toThrow("is required for pagerduty");
  await change({ receivers: [{ ...pager, id, target: "https://other.example.com/", secret: "new" }] });
  expect(await secrets()).toEqual([null, "new"]);
  await change({ receivers: [{ ...pager, id, format: "generic", secret: null }] });
  expect(await secrets()).toEqual([null, null]);
  await expect(change({ receivers: [{ ...pager, id }] })).rejects.toThrow("is required for pagerduty");
  // A form keeps the format where it does not matter.
  await change({ receivers: [{ ...pager, id, channel: "email", target: "ops@example.com", secret: null }] });
  expect(await secrets()).toEqual([null, null]);
});

test("given a webhook with a secret, then that goes with the address that it was for", async () => {
  const url = "https://hooks.example.com/a";
  await create({ alert_webhook_url: url, webhook_secret: "s3cret" });
  await change({ alert_webhook_url: "https://hooks.example.com/b", error_threshold_per_min: 3 });
  expect(await secrets()).toEqual(["s3cret"]);
  for (const elsewhere of [{ alert_webhook_url: "https://evil.example.com/" }, { webhook_format: "ntfy" }]) {
    await expect(change(elsewhere)).rejects.toThrow("webhook_secret must be given again");
  }
  await change({ alert_webhook_url: "" });
  expect(await secrets()).toEqual([null]);
  await change({ alert_webhook_url: "https://evil.example.com/", webhook_secret: "another" });
  expect(await secrets()).toEqual(["another"]);
});

test("given an alert that somebody else changed since it was opened, when it is saved, then that is refused and theirs stays", async () => {
  const { updated_at: opened } = await create({});
  context.clock.set("2026-03-10T12:00:01Z");
  const { updated_at: theirs } = await change({ error_threshold_per_min: 9, updated_at: opened });
  context.clock.set("2026-03-10T12:00:02Z");
  await expect(change({ error_threshold_per_min: 2, updated_at: opened })).rejects.toMatchObject({
    kind: "conflict",
    message: expect.stringContaining("the alert changed meanwhile"),
  });
  // One thing is switched without a look at the rest.
  const { error_threshold_per_min, enabled } = await change({ enabled: false });
  expect([error_threshold_per_min, enabled]).toEqual([9, false]);
  await expect(change({ enabled: true, updated_at: theirs })).rejects.toMatchObject({ kind: "conflict" });
});
