import { afterAll, expect, test } from "vitest";
import { createConfig } from "@/core/alerts/configs/create-config";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import { createLogger } from "@/core/logger";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { until } from "@/core/testing/watching";
import { FollowInstances } from "./follow-instances";

const context = testDatabase("2026-03-10T12:00:00Z");
let follow: FollowInstances | undefined;
afterAll(() => follow?.stop());

test("given an instance that runs jobs only, when another takes entries, then it is told of alerts to deliver and of how many entries came", async () => {
  const input = { service: "shop", error_threshold_per_min: 2, warning_threshold_per_min: 2 };
  const webhook = { alert_webhook_url: "https://example.com/hook" };
  await createConfig(context, alertConfigInputSchema.parse({ ...input, ...webhook }));
  const delivered: string[] = [];
  let rows = 0;
  follow = new FollowInstances(
    {
      db: context.db,
      clock: context.clock,
      logger: createLogger("silent"),
      outbox: { request: (ids) => void delivered.push(...ids) },
      sealSoon: {
        written(more) {
          rows += more;
        },
      },
    },
    context.url,
  );
  follow.start();
  const ingest = ingestOf(context);
  const entry = { service: "shop", level: "error", message: "card declined" };
  // What came before it looked for the first time is the scheduled job's.
  await until(async () => {
    await sendEntries(ingest, [entry]);
    expect(rows).toBeGreaterThan(0);
  });
  await until(() => expect(new Set(delivered)).toEqual(new Set(context.outbox.requested)));
  expect(context.outbox.requested).toHaveLength(1);
});
