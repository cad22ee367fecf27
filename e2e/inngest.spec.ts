import { randomUUID } from "node:crypto";
import { z } from "zod";
import { HttpReceiver } from "@/core/testing/receivers";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
/** In place of an Inngest server: takes events, and the test calls the functions as that server would. */
const inngest = new HttpReceiver();
const receiver = new HttpReceiver();

test.beforeAll(async () => {
  await Promise.all([inngest.start(), receiver.start()]);
  inngest.answer = { status: 200, body: '{"ids":["1"],"status":200}', headers: { "content-type": "application/json" } };
  await server.start({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1", INNGEST_DEV: inngest.url });
});
test.afterAll(async () => {
  await server.remove();
  await Promise.all([inngest.stop(), receiver.stop()]);
});

const eventsSchema = z.array(z.object({ name: z.string(), data: z.object({ deliveryId: z.uuid() }) }));

test("given an Inngest server, when a threshold is crossed, then it gets the event, and its call of the function delivers", async () => {
  const config = {
    service: "shop",
    error_threshold_per_min: 1,
    warning_threshold_per_min: 1,
    alert_webhook_url: receiver.url,
  };
  expect((await server.send(JSON.stringify(config), {}, "/api/logs/alerts/config")).status).toBe(201);
  const entry = { service: "shop", level: "error", message: "m" };
  expect((await server.send(JSON.stringify([entry, entry]))).status).toBe(201);
  const events = () => inngest.calls.filter(({ path }) => path.startsWith("/e/"));
  await expect.poll(() => events().length).toBe(1);
  const [event] = eventsSchema.parse(JSON.parse(events()[0]?.body ?? "[]"));
  expect(event?.name).toBe("cordwood/delivery.requested");
  // The embedded runner keeps out of it.
  expect(receiver.calls).toEqual([]);

  const runId = randomUUID();
  const sent = { ...event, id: runId, ts: Date.now() };
  const call = {
    version: 1,
    use_api: false,
    event: sent,
    events: [sent],
    steps: {},
    ctx: {
      fn_id: "cordwood-deliver-alert",
      run_id: runId,
      attempt: 0,
      max_attempts: 4,
      env: "dev",
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack: [], current: 0 },
    },
  };
  const response = await server.send(JSON.stringify(call), {}, "/api/inngest?fnId=cordwood-deliver-alert&stepId=step");
  expect([200, 206]).toContain(response.status);
  expect(receiver.calls).toHaveLength(1);
});
