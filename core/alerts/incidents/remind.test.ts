import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { testDatabase } from "@/core/testing/test-database";
import { SEVERITIES } from "@/db/schema/alert-names";
import { createConfig } from "../configs/create-config";
import { queueNotification } from "../delivery/queue-notification";
import { createQueryAlert } from "../queries/save-query-alert";
import { queryAlertInputSchema } from "../queries/schemas";
import { alertConfigInputSchema } from "../schemas";
import { remind } from "./remind";

const NOW = new Date("2026-03-10T12:00:00Z");
const context = testDatabase(NOW.toISOString());
const at = (minute: number) => addMs(NOW, minute * MINUTE_MS);

const clear = () =>
  context.db.execute(sql`
    truncate logs.alert_configs, logs.alert_thresholds, logs.alert_queries, logs.alert_incidents, logs.alert_silences cascade`);

beforeEach(async () => {
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  await clear();
});

const QUIET = {
  never: null,
  now: { from: "11:00", to: "13:00", time_zone: "UTC" },
  later: { from: "13:00", to: "14:00", time_zone: "UTC" },
};
const SERVICES = ["shop", "pay", "other"] as const;
const KINDS = ["error", "warning", "absence"] as const;

const told = {
  enabled: fc.boolean(),
  quiet: fc.constantFrom("never" as const, "now" as const, "later" as const),
  least: fc.constantFrom(null, ...SEVERITIES),
  remind: fc.constantFrom(null, 10),
};
type Told = { enabled: boolean; quiet: keyof typeof QUIET; least: string | null; remind: number | null };

const tellers = ({ enabled, quiet, least, remind }: Told) => ({
  enabled,
  quiet_hours: QUIET[quiet],
  remind_every_minutes: remind,
  receivers:
    least === null
      ? []
      : [{ channel: "webhook", target: "https://a.example.com", format: "generic", least_severity: least }],
});

const configure = (service: string, given: Told & { url: boolean }) =>
  createConfig(
    context,
    alertConfigInputSchema.parse({
      service,
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      alert_webhook_url: given.url ? "https://b.example.com" : null,
      ...tellers(given),
    }),
  );

const watch = (given: Told) =>
  createQueryAlert(
    context,
    queryAlertInputSchema.parse({
      name: "an alert",
      watch: "value",
      query: "level>=error | stats count() as n by (service)",
      threshold: 1,
      ...tellers(given),
    }),
  );

type Opened = {
  service: string;
  kind: string;
  severity: string;
  notified: number | null;
  acknowledged: boolean;
  alertId: number | null;
  group: string | null;
};

async function open({ service, kind, severity, notified, acknowledged, alertId, group }: Opened): Promise<void> {
  await context.db.execute(sql`
    insert into logs.alert_incidents
      (service, kind, severity, alert_id, group_key, first_at, last_at, opened_at, notified_at, acknowledged_at)
    values (${service}, ${kind}, ${severity}, ${alertId}::bigint, ${group}, ${at(-30)}, ${at(-1)}, ${at(-30)},
      ${notified === null ? null : at(-notified)}::timestamptz, ${acknowledged ? at(-1) : null}::timestamptz)
    on conflict do nothing`);
}

type Silenced = {
  service: string | null;
  kind: string | null;
  alertId: number | null;
  starts: number;
  minutes: number;
};

const silence = ({ service, kind, alertId, starts, minutes }: Silenced) =>
  context.db.execute(sql`
    insert into logs.alert_silences (service, kind, alert_id, starts_at, ends_at, reason, created_at)
    values (${service}, ${kind}, ${alertId}::bigint, ${at(starts)}, ${at(starts + minutes)}, 'r', ${at(-30)})`);

/** What `work` has queued, without a trace. */
async function queuedBy(work: (transaction: Executor) => Promise<unknown>): Promise<string[]> {
  let queued: string[] = [];
  const undone = new Error("undone");
  const run = context.db.transaction(async (transaction) => {
    await work(transaction);
    const { rows } = await transaction.execute(
      sql`select incident_id, kind, target from logs.alert_deliveries order by 1, 2, 3`,
    );
    queued = rows.map((row) => Object.values(row).join(" "));
    throw undone;
  });
  await run.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return queued;
}

/** Asks of each incident by itself whether somebody is told of it. */
async function remindOfEach(transaction: Executor): Promise<void> {
  const { rows } = await transaction.execute(sql`
    select id, alert_id, service, notified_at from logs.alert_incidents where acknowledged_at is null order by id`);
  const parsed = z
    .array(
      z.object({
        id: z.coerce.number(),
        alert_id: z.coerce.number().nullable(),
        service: z.string(),
        notified_at: z.coerce.date().nullable(),
      }),
    )
    .parse(rows);
  for (const { id, alert_id, service, notified_at } of parsed) {
    if (notified_at === null) {
      await queueNotification(transaction, id, "opened", NOW);
      continue;
    }
    const { rows: found } = await transaction.execute(
      alert_id === null
        ? sql`select remind_every_minutes as every from logs.alert_configs where service = any(array[${service}, '*']) order by service = '*' limit 1`
        : sql`select remind_every_minutes as every from logs.alert_queries where id = ${alert_id}`,
    );
    const every = z.array(z.object({ every: z.number().nullable() })).parse(found)[0]?.every ?? null;
    if (every !== null && addMs(notified_at, every * MINUTE_MS) <= NOW)
      await queueNotification(transaction, id, "reminder", NOW);
  }
}

test("given random alerts, incidents and silences, then those are told of that are told of when each is asked by itself", async () => {
  const scene = fc.record({
    configs: fc.uniqueArray(fc.record({ service: fc.constantFrom("*", "shop", "pay"), ...told, url: fc.boolean() }), {
      selector: ({ service }) => service,
      maxLength: 3,
    }),
    alert: fc.record(told),
    incidents: fc.array(
      fc.record({
        service: fc.constantFrom(...SERVICES),
        kind: fc.constantFrom(...KINDS, "query"),
        severity: fc.constantFrom(...SEVERITIES),
        notified: fc.constantFrom(null, null, 5, 10, 20),
        acknowledged: fc.nat(4).map((number) => number === 0),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    silences: fc.array(
      fc.record({
        service: fc.constantFrom(null, ...SERVICES),
        kind: fc.constantFrom(null, ...KINDS, "query"),
        ofAlert: fc.nat(3).map((number) => number === 0),
        starts: fc.constantFrom(-20, -10, 0, 1),
        minutes: fc.constantFrom(10, 20),
      }),
      { maxLength: 2 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ configs, alert, incidents, silences }) => {
      await clear();
      for (const { service, ...config } of configs) await configure(service, config);
      const { id } = await watch(alert);
      for (const [index, incident] of incidents.entries()) {
        const isOfQuery = incident.kind === "query";
        await open({ ...incident, alertId: isOfQuery ? id : null, group: isOfQuery ? `["${index}"]` : null });
      }
      for (const { ofAlert, ...one } of silences) await silence({ ...one, alertId: ofAlert ? id : null });
      expect(await queuedBy((transaction) => remind(transaction, NOW))).toEqual(await queuedBy(remindOfEach));
    }),
    { numRuns: 60 },
  );
});

test("given incidents that are held back, or that nobody wants, then they are not even locked, and are told of when nothing holds them back", async () => {
  const loud: Told & { url: boolean } = { enabled: true, quiet: "never", least: "error", remind: null, url: false };
  const opened = { kind: "error", severity: "error", notified: null, acknowledged: false, alertId: null, group: null };
  await configure("*", loud);
  await configure("quiet", { ...loud, quiet: "now" });
  await configure("off", { ...loud, enabled: false });
  for (const service of ["loud", "quiet", "off", "silenced"]) await open({ ...opened, service });
  await open({ ...opened, service: "mild", severity: "warning" });
  await silence({ service: "silenced", kind: null, alertId: null, starts: -10, minutes: 20 });
  const services = (rows: readonly Record<string, unknown>[]) => rows.map(({ service }) => service).sort();
  await context.db.transaction(async (transaction) => {
    expect(await remind(transaction, NOW)).toHaveLength(1);
    const free = await context.db.execute(sql`select service from logs.alert_incidents for update skip locked`);
    expect(services(free.rows)).toEqual(["mild", "off", "quiet", "silenced"]);
  });
  await context.db.transaction((transaction) => remind(transaction, at(60)));
  const known = await context.db.execute(sql`select service from logs.alert_incidents where notified_at is not null`);
  expect(services(known.rows)).toEqual(["loud", "quiet", "silenced"]);
});
