import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { HttpReceiver } from "@/core/testing/receivers";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, test } from "./test";
import { TestPostgres } from "./test-postgres";

const postgres = new TestPostgres();
const receiver = new HttpReceiver();
const shared = mkdtempSync(path.join(os.tmpdir(), "cordwood-shared-"));
const [ingest, web, jobs] = [new TestServer(), new TestServer(), new TestServer()];
const servers = { ingest, web, jobs };

test.beforeAll(async () => {
  // Several servers start, one after the other.
  await Promise.all([postgres.start(), receiver.start()]);
  for (const [role, server] of Object.entries(servers))
    await server.start({
      CORDWOOD_ROLE: role,
      DATABASE_URL: postgres.url,
      CORDWOOD_SECRET: "of the instances of a test, nothing else",
      CORDWOOD_SEGMENTS: shared,
      CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1",
    });
});
test.afterAll(async () => {
  for (const server of Object.values(servers)) await server.remove();
  await Promise.all([postgres.remove(), receiver.stop()]);
  rmSync(shared, { recursive: true, force: true });
});

const found = z.object({ data: z.object({ entries: z.array(z.object({ message: z.string() })) }) });

test("given an instance of each role, then entries go in at one, are read at another, and a third delivers the alert", async ({
  page,
}) => {
  const thresholds = { service: "shop", error_threshold_per_min: 1, warning_threshold_per_min: 1 };
  const config = JSON.stringify({ ...thresholds, alert_webhook_url: `${receiver.url}/hook` });
  expect((await web.send(config, {}, "/api/logs/alerts/config")).status).toBe(201);
  const entries = ["one", "two"].map((message) => ({ service: "shop", level: "error", message }));
  expect((await ingest.send(JSON.stringify(entries))).status).toBe(201);

  const messages = async () => found.parse((await web.get("/api/logs?service=shop")).body).data.entries;
  expect((await messages()).map(({ message }) => message).sort()).toEqual(["one", "two"]);
  await page.goto(`${web.url}/logs?service=shop`);
  await expect(page.getByRole("status").filter({ hasText: "2 entries" })).toBeVisible();
  await expect.poll(() => receiver.calls.length, { timeout: 90_000 }).toBe(1);
});

test("given what another role is for, then it is refused so that senders keep it; probes are answered", async () => {
  for (const [role, server] of Object.entries(servers)) {
    const statuses = {
      entries: (await server.send("[]")).status,
      page: (await ask(server.url, "/logs")).status,
      jobs: (await ask(server.url, "/api/inngest")).status,
      healthz: (await ask(server.url, "/healthz")).status,
      readyz: (await ask(server.url, "/readyz")).status,
    };
    const isRefused = (part: string) => part !== role;
    expect(statuses, role).toMatchObject({ healthz: 200, readyz: 200 });
    expect([statuses.entries === 503, statuses.page === 503, statuses.jobs === 503], role).toEqual(
      ["ingest", "web", "jobs"].map(isRefused),
    );
  }
  const refused = await web.send("[]");
  expect(await refused.text()).toContain("CORDWOOD_ROLE=web");
});

test("given a role without a database for all of them, then the start is refused with a sentence", async () => {
  const alone = new TestServer();
  expect(await alone.launch({ CORDWOOD_ROLE: "ingest" })).toBe(1);
  expect(alone.output).toContain("CORDWOOD_ROLE needs DATABASE_URL");
  await alone.remove();
});
