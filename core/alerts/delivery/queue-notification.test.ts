import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { rowsReadBy } from "@/core/testing/rows-read";
import { testDatabase } from "@/core/testing/test-database";
import { createQueryAlert } from "../queries/save-query-alert";
import { queryAlertInputSchema } from "../queries/schemas";
import { createSilence } from "../silences/create-silence";
import { queueNotification } from "./queue-notification";

const context = testDatabase("2026-03-10T12:00:00Z");

beforeEach(async () => {
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  await context.db.execute(
    sql`truncate logs.alert_queries, logs.alert_incidents, logs.alert_receivers, logs.alert_silences cascade`,
  );
});

/** Two thousand incidents that an alert had on the days before, and as many silences that are over. */
async function givenHistory(alertId: number): Promise<void> {
  const ago = sql`${context.clock.now()}::timestamptz - interval '2 hours' * n`;
  await context.db.execute(sql`
    insert into logs.alert_incidents (service, kind, alert_id, group_key, first_at, last_at, opened_at, resolved_at, notified_at)
    select '', 'query', ${alertId}, '["shop"]', at, at, at, at, at from (select ${ago} as at from generate_series(1, 2000) as n) as past`);
  await context.db.execute(sql`
    insert into logs.alert_silences (service, starts_at, ends_at, reason, created_at)
    select null, at - interval '1 hour', at, 'over', at from (select ${ago} as at from generate_series(1, 2000) as n) as past`);
  await context.db.execute(sql`analyze logs.alert_incidents, logs.alert_silences`);
}

test("given an alert with a long history, when it is told of, then neither silences that are over nor incidents of long ago are read", async () => {
  const alert = await createQueryAlert(
    context,
    queryAlertInputSchema.parse({
      name: "an alert",
      watch: "value",
      query: "level>=error | stats count() as n by (service)",
      threshold: 1,
      receivers: [{ channel: "webhook", target: "https://hooks.example.com/a", format: "generic" }],
    }),
  );
  await givenHistory(alert.id);
  const now = context.clock.now();
  const { rows } = await context.db.execute(sql`
    insert into logs.alert_incidents (service, kind, alert_id, group_key, first_at, last_at, opened_at)
    values ('', 'query', ${alert.id}, '["shop"]', ${now}, ${now}, ${now}) returning id`);
  const id = Number(rows[0]?.id);
  const open = async (expected: number) => {
    let told = -1;
    const silences = await rowsReadBy(context.db, "alert_silences", async (transaction) => {
      told = (await queueNotification(transaction, id, "opened", now)).length;
    });
    expect(told).toBe(expected);
    expect(silences).toBeLessThan(3);
  };
  await open(1);
  const incidents = await rowsReadBy(context.db, "alert_incidents", (transaction) =>
    queueNotification(transaction, id, "opened", now),
  );
  expect(incidents).toBeLessThan(10);
  await createSilence(context, {
    service: null,
    kind: null,
    alert_id: alert.id,
    ends_at: "2026-03-10T13:00:00Z",
    reason: "maintenance",
  });
  await open(0);
});
