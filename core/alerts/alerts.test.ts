import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkThresholds } from "./check-thresholds";
import { createConfig } from "./configs/create-config";
import { deleteConfig } from "./configs/delete-config";
import { updateConfig } from "./configs/update-config";
import { acknowledgeIncident } from "./incidents/acknowledge-incident";
import { getIncident } from "./incidents/get-incident";
import { listIncidents } from "./incidents/list-incidents";
import { listViolations } from "./list-violations";
import { previewConfig } from "./preview";
import { alertConfigInputSchema } from "./schemas";
import { createSilence } from "./silences/create-silence";

const START = Date.parse("2026-03-10T12:00:00Z");
const MINUTE = 60_000;
const context = testDatabase("2026-03-10T12:00:00Z");
const at = (minutes: number, seconds = 0) => new Date(START + minutes * MINUTE + seconds * 1_000).toISOString();

beforeEach(async () => {
  context.clock.set(at(0));
  context.outbox.requested.length = 0;
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.alert_configs, logs.alert_thresholds,
      logs.alert_violations, logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries, logs.alert_silences cascade`);
  await context.db.execute(sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`);
});

const configFor = (service: string, changed: Record<string, unknown> = {}) =>
  alertConfigInputSchema.parse({
    service,
    error_threshold_per_min: 2,
    warning_threshold_per_min: 3,
    alert_webhook_url: "https://example.com/hook",
    ...changed,
  });

const send = (service: string, level: string, count: number, timestamp: string) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, () => ({ service, level, message: `${level} message`, timestamp })),
  );

async function deliveries(): Promise<string[]> {
  const { rows } = await context.db.execute<{ kind: string; channel: string }>(
    sql`select kind, channel from logs.alert_deliveries order by created_at, id`,
  );
  return rows.map(({ kind, channel }) => `${kind} ${channel}`);
}

describe("violations are true", () => {
  type Step =
    | { do: "send"; batches: { service: string; level: string; minute: number; count: number }[][] }
    | { do: "set"; service: string; error: number; warning: number; enabled: boolean }
    | { do: "delete"; service: string }
    | { do: "check" }
    | { do: "wait"; minutes: number };

  const service = fc.constantFrom("shop", "pay");
  const burst = fc.record({
    service,
    level: fc.constantFrom("info", "warning", "error", "fatal"),
    // Late by up to 12 minutes, and up to 2 ahead.
    minute: fc.integer({ min: -12, max: 2 }),
    count: fc.integer({ min: 1, max: 4 }),
  });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant("send" as const),
        batches: fc.array(fc.array(burst, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("set" as const),
        service,
        error: fc.integer({ min: 1, max: 5 }),
        warning: fc.integer({ min: 1, max: 5 }),
        enabled: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), service }) },
    { weight: 2, arbitrary: fc.constant({ do: "check" as const }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 0, max: 9 }) }) },
  );

  /** Thresholds by the minute from which they hold, as a plain model. */
  type Held = { from: number; error: number; warning: number } | { from: number; none: true };

  test("given random traffic, late and concurrent, with configurations that come, change and go, then the violations are those of a plain count", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await context.db.execute(sql`
          truncate logs.logs, logs.stats_minute, logs.alert_configs, logs.alert_thresholds, logs.alert_violations,
            logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries cascade`);
        await context.db.execute(
          sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`,
        );
        let minute = 0;
        const history = new Map<string, Held[]>([
          ["shop", []],
          ["pay", []],
        ]);
        const configured = new Set<string>();
        const hold = (name: string, held: Held) => {
          const list = history.get(name) ?? [];
          if (list.at(-1)?.from === held.from) list.pop();
          list.push(held);
        };
        const sent: { service: string; level: string; minute: number; count: number }[] = [];
        for (const one of steps) {
          context.clock.set(at(minute, 30));
          if (one.do === "wait") minute += one.minutes;
          else if (one.do === "check") await Promise.all([checkThresholds(context), checkThresholds(context)]);
          else if (one.do === "set") {
            const thresholds = {
              error_threshold_per_min: one.error,
              warning_threshold_per_min: one.warning,
              enabled: one.enabled,
            };
            if (configured.has(one.service)) await updateConfig(context, one.service, thresholds);
            else await createConfig(context, configFor(one.service, thresholds));
            configured.add(one.service);
            hold(
              one.service,
              one.enabled ? { from: minute, error: one.error, warning: one.warning } : { from: minute, none: true },
            );
          } else if (one.do === "delete") {
            if (!configured.delete(one.service)) continue;
            await deleteConfig(context, one.service);
            hold(one.service, { from: minute, none: true });
          } else {
            const instances = [ingestOf(context), ingestOf(context)];
            await Promise.all(
              one.batches.map((batch, index) =>
                sendEntries(
                  instances[index % 2] ?? ingestOf(context),
                  batch.flatMap((burst) => {
                    sent.push({ ...burst, minute: minute + burst.minute });
                    return Array.from({ length: burst.count }, () => ({
                      service: burst.service,
                      level: burst.level,
                      message: "m",
                      timestamp: at(minute + burst.minute, 59),
                    }));
                  }),
                ),
              ),
            );
          }
        }
        const expected: string[] = [];
        for (const name of history.keys()) {
          for (let of = -200; of < minute + 10; of++) {
            const held = history.get(name)?.findLast(({ from }) => from <= of);
            if (!held || "none" in held) continue;
            const count = (...levels: string[]) =>
              sent
                .filter((burst) => burst.service === name && burst.minute === of && levels.includes(burst.level))
                .reduce((sum, burst) => sum + burst.count, 0);
            const errors = count("error", "fatal");
            const warnings = count("warning");
            if (errors > held.error) expected.push(`${name} error ${at(of)} ${errors} > ${held.error}`);
            if (warnings > held.warning) expected.push(`${name} warning ${at(of)} ${warnings} > ${held.warning}`);
          }
        }
        const found = (await listViolations(context, {})).map(
          (row) => `${row.service} ${row.level} ${row.timestamp} ${row.current_count} > ${row.threshold_value}`,
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
        // Every one belongs to an incident, and no incident was told of twice, but for those that became one with others.
        const { rows } = await context.db.execute(sql`
          select (select count(*)::int from logs.alert_violations where incident_id is null) as loose,
            (select coalesce(max(count), 0)::int from (
              select count(*) - (select count(*) from logs.alert_incident_redirects as former
                where former.incident_id = delivery.incident_id) as count
              from logs.alert_deliveries as delivery where kind = 'opened' group by incident_id) as told) as most_told`);
        expect(rows[0]?.loose).toBe(0);
        expect(Number(rows[0]?.most_told)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test("given errors and fatals of one minute from writers at the same time, each below the threshold, then together they cross it", async () => {
    await createConfig(context, configFor("shop"));
    for (let round = 0; round < 10; round++) {
      const minute = at(round);
      await Promise.all(["error", "fatal"].map((level) => send("shop", level, 2, minute)));
      expect(await listViolations(context, { from: new Date(minute), to: new Date(at(round + 1)) })).toMatchObject([
        { current_count: 4, threshold_value: 2 },
      ]);
    }
  });

  test("given counts that are there already, when a check comes after a long time without one, then no minute is left out", async () => {
    await createConfig(context, configFor("shop"));
    await checkThresholds(context);
    // Counted by something that does not judge, as before an upgrade.
    await context.db.execute(sql`
      insert into logs.stats_minute (bucket, service, level, count)
      select ${at(0)}::timestamptz + interval '1 minute' * n, 'shop', 'error', 3 from generate_series(1, 100) as n`);
    context.clock.set(at(101));
    await checkThresholds(context);
    expect(await listViolations(context, {})).toHaveLength(100);
    expect(await checkThresholds(context)).toMatchObject({ total: 1, data: [{}] });
  });
});

test("given alerts of several services that change in one minute, then each change judges its own service only, and that for every service all", async () => {
  await createConfig(context, configFor("shop"));
  await createConfig(context, configFor("pay"));
  await createConfig(context, configFor("*"));
  // Counts that nobody has judged yet show whom a change judges.
  for (const service of ["shop", "pay", "other"])
    await context.db.execute(
      sql`insert into logs.stats_minute (bucket, service, level, count) values (${at(0)}, ${service}, 'error', 3)`,
    );
  const judged = async () => (await listViolations(context, {})).map(({ service }) => service).sort();
  await updateConfig(context, "shop", { warning_threshold_per_min: 9 });
  expect(await judged()).toEqual(["shop"]);
  await updateConfig(context, "*", { error_threshold_per_min: 1 });
  expect(await judged()).toEqual(["other", "pay", "shop"]);
  // What does not cross any more goes, with the service that changed only.
  await context.db.execute(sql`update logs.alert_violations set current_count = 0`);
  await context.db.execute(sql`truncate logs.stats_minute`);
  await updateConfig(context, "pay", { error_threshold_per_min: 5 });
  expect(await judged()).toEqual(["other", "shop"]);
});

describe("incidents", () => {
  test("given minutes that cross, pause and cross again, then those within the pause allowed are one incident, told of once and once at its end", async () => {
    await createConfig(context, configFor("shop"));
    for (const minute of [0, 1, 6]) {
      context.clock.set(at(minute, 10));
      await send("shop", "error", 3, at(minute, 5));
      await checkThresholds(context);
    }
    expect(await listIncidents(context, {})).toMatchObject([
      { service: "shop", kind: "error", state: "open", first_at: at(0), last_at: at(6), violations: 3, peak_count: 3 },
    ]);
    expect(await deliveries()).toEqual(["opened webhook"]);
    expect(context.outbox.requested).toHaveLength(1);
    context.clock.set(at(11, 59));
    await checkThresholds(context);
    expect(await deliveries()).toEqual(["opened webhook"]);
    context.clock.set(at(12));
    await Promise.all([checkThresholds(context), checkThresholds(context)]);
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved", resolved_at: at(12) }]);
    expect(await deliveries()).toEqual(["opened webhook", "resolved webhook"]);
    // Six minutes after the last: five passed without a crossing.
    await send("shop", "error", 3, at(12));
    expect((await listIncidents(context, {})).map(({ state }) => state)).toEqual(["open", "resolved"]);
  });

  test("given no check for hours, when the next minute crosses, then the old incident ends and a new one is told of", async () => {
    await createConfig(context, configFor("shop"));
    await send("shop", "error", 3, at(0));
    context.clock.set(at(180));
    await send("shop", "error", 3, at(180));
    expect((await listIncidents(context, {})).map(({ state, first_at }) => [state, first_at])).toEqual([
      ["open", at(180)],
      ["resolved", at(0)],
    ]);
    expect((await deliveries()).toSorted()).toEqual(["opened webhook", "opened webhook", "resolved webhook"]);
  });

  test("given hosts whose clocks are hours ahead, then what they tell is over when they tell no more, and what crosses after it is told of", async () => {
    await createConfig(context, configFor("shop"));
    const found = async () => (await listIncidents(context, {})).map(({ state, first_at }) => `${state} ${first_at}`);
    await send("shop", "error", 3, at(180));
    context.clock.set(at(6, 59));
    await checkThresholds(context);
    expect(await found()).toEqual([`open ${at(180)}`]);
    context.clock.set(at(7));
    await checkThresholds(context);
    expect(await found()).toEqual([`resolved ${at(180)}`]);
    context.clock.set(at(8));
    await send("shop", "error", 3, at(8));
    context.clock.set(at(13, 59));
    await send("shop", "error", 3, at(193));
    await checkThresholds(context);
    expect(await found()).toEqual([`open ${at(8)}`, `resolved ${at(180)}`]);
    expect(await deliveries()).toEqual(["opened webhook", "resolved webhook", "opened webhook"]);
    context.clock.set(at(20, 59));
    await checkThresholds(context);
    context.clock.set(at(21));
    await checkThresholds(context);
    expect(await found()).toEqual([`resolved ${at(8)}`, `resolved ${at(180)}`]);
    // When the minute of which was told so early is there, what crosses in it is told of like any other.
    context.clock.set(at(180, 30));
    await send("shop", "error", 4, at(180));
    expect(await found()).toEqual([`open ${at(180)}`, `resolved ${at(8)}`, `resolved ${at(180)}`]);
    await checkThresholds(context);
    expect((await deliveries()).filter((kind) => kind.startsWith("opened"))).toHaveLength(3);
  });

  test("given a crossing that is told of only when it is over, then there is one notification and the incident is resolved", async () => {
    await createConfig(context, configFor("shop"));
    context.clock.set(at(60));
    await send("shop", "error", 3, at(5));
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved", violations: 1 }]);
    await checkThresholds(context);
    expect(await deliveries()).toEqual(["opened webhook"]);
  });

  test("given a silence, then the incident is recorded and nobody is told, until the silence ends", async () => {
    await createConfig(context, configFor("shop"));
    await createSilence(context, {
      service: "shop",
      kind: null,
      alert_id: null,
      ends_at: at(3),
      reason: "maintenance",
    });
    await send("shop", "error", 3, at(0));
    await checkThresholds(context);
    expect(await listIncidents(context, {})).toMatchObject([{ state: "open", notified_at: null }]);
    expect(await deliveries()).toEqual([]);
    context.clock.set(at(3));
    await checkThresholds(context);
    expect(await deliveries()).toEqual(["opened webhook"]);
  });

  test("given a silence for another service or kind, then it does not hold back", async () => {
    await createConfig(context, configFor("shop"));
    await createSilence(context, { service: "pay", kind: null, alert_id: null, ends_at: at(9), reason: "r" });
    await createSilence(context, { service: null, kind: "warning", alert_id: null, ends_at: at(9), reason: "r" });
    await send("shop", "error", 3, at(0));
    expect(await deliveries()).toEqual(["opened webhook"]);
  });

  test("given reminders every 10 minutes, then they come while nobody has acknowledged, and stop when somebody does", async () => {
    await createConfig(
      context,
      configFor("shop", { remind_every_minutes: 10, resolve_after_minutes: 60, alert_email: "a@example.com" }),
    );
    await send("shop", "error", 3, at(0));
    for (const minute of [9, 10, 15, 20]) {
      context.clock.set(at(minute));
      await checkThresholds(context);
      await context.db.execute(sql`update logs.alert_deliveries set status = 'delivered'`);
    }
    expect((await deliveries()).filter((kind) => kind === "reminder email")).toHaveLength(2);
    const [incident] = await listIncidents(context, {});
    const id = incident?.id ?? 0;
    expect(await acknowledgeIncident(context, id, "on it")).toMatchObject({
      state: "acknowledged",
      acknowledge_note: "on it",
    });
    await expect(acknowledgeIncident(context, id, "")).rejects.toMatchObject({ kind: "conflict" });
    context.clock.set(at(100));
    await checkThresholds(context);
    expect(await getIncident(context, id)).toMatchObject({ state: "resolved" });
    expect((await deliveries()).filter((kind) => kind.startsWith("resolved"))).toEqual([]);
    await expect(getIncident(context, 999_999)).rejects.toMatchObject({ kind: "not_found" });
  });

  test("given a receiver that is down while reminders come due, then only the latest waits, and none once it is over", async () => {
    await createConfig(
      context,
      configFor("shop", { remind_every_minutes: 10, resolve_after_minutes: 60, notify_resolved: true }),
    );
    await send("shop", "error", 3, at(0));
    for (const minute of [10, 20, 30]) {
      context.clock.set(at(minute));
      await checkThresholds(context);
    }
    expect(await deliveries()).toEqual(["opened webhook", "reminder webhook"]);
    const { rows } = await context.db.execute(sql`
      select to_char(created_at, 'HH24:MI') as made from logs.alert_deliveries where kind = 'reminder'`);
    expect(rows).toEqual([{ made: at(30).slice(11, 16) }]);
    context.clock.set(at(100));
    await checkThresholds(context);
    expect(await deliveries()).toEqual(["opened webhook", "resolved webhook"]);
  });

  test("given a service that falls silent, then an incident opens after its minutes, once, and ends when entries come again", async () => {
    await createConfig(context, configFor("shop", { no_logs_minutes: 10 }));
    await send("shop", "info", 1, at(0, 30));
    for (const minute of [10, 11, 12]) {
      context.clock.set(at(minute));
      await checkThresholds(context);
      expect(await deliveries()).toEqual(minute < 11 ? [] : ["opened webhook"]);
      // It is written once, and tells how long it is all the same.
      const { rows } = await context.db.execute(
        sql`select distinct changed_in = opened_in as once from logs.alert_incidents`,
      );
      expect(rows).toEqual(minute < 11 ? [] : [{ once: true }]);
    }
    expect(await listIncidents(context, {})).toMatchObject([
      { kind: "absence", state: "open", first_at: at(1), last_at: at(12) },
    ]);
    context.clock.set(at(13));
    await send("shop", "info", 1, at(13));
    await checkThresholds(context);
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved", last_at: at(12) }]);
    expect(await deliveries()).toEqual(["opened webhook", "resolved webhook"]);
  });

  test("given a server that was away, then a service is silent only when it sends nothing for so long after that, and what was open stays so", async () => {
    for (const service of ["shop", "gone"]) await createConfig(context, configFor(service, { no_logs_minutes: 10 }));
    await send("gone", "info", 1, at(-20));
    await send("shop", "info", 1, at(0, 30));
    const silent = async (minute: number) => {
      context.clock.set(at(minute));
      await checkThresholds(context);
      return (await listIncidents(context, { state: "open" })).map(({ service }) => service).sort();
    };
    expect(await silent(2)).toEqual(["gone"]);
    // Nothing ran from minute 2 to 40.
    expect(await silent(40)).toEqual(["gone"]);
    await send("gone", "info", 1, at(40));
    expect(await silent(41)).toEqual([]);
    for (let minute = 42; minute < 50; minute += 4) expect(await silent(minute)).toEqual([]);
    expect(await silent(50)).toEqual(["shop"]);
  });

  test("given a service that is silent, when its configuration is deleted, then the silence went on until then", async () => {
    await createConfig(context, configFor("shop", { no_logs_minutes: 10 }));
    await send("shop", "info", 1, at(0, 30));
    context.clock.set(at(11));
    await checkThresholds(context);
    context.clock.set(at(60));
    await deleteConfig(context, "shop");
    expect(await listIncidents(context, {})).toMatchObject([
      { kind: "absence", state: "resolved", first_at: at(1), last_at: at(59) },
    ]);
  });
});

test("given a week of counts, then the preview tells what thresholds would have done, as a plain count does", async () => {
  const counts = [3, 9, 0, 4, 12, 0, 0, 0, 0, 0, 0, 7];
  for (const [minute, count] of counts.entries()) if (count > 0) await send("shop", "error", count, at(minute - 30));
  await send("shop", "warning", 5, at(-2_000));
  const query = {
    service: "shop",
    errorThreshold: 3,
    warningThreshold: 4,
    patternThreshold: null,
    resolveAfterMinutes: 5,
  };
  // Above 3: minutes 1, 3, 4 and 11; 11 is seven after 4, so it is an incident of its own.
  expect(await previewConfig(context, { ...query, range: "24h" })).toMatchObject({
    alerts: 4,
    incidents: 2,
    error_alerts: 4,
    warning_alerts: 0,
    suggested: { error_threshold_per_min: 18, warning_threshold_per_min: 10 },
  });
  const week = await previewConfig(context, { ...query, range: "7d" });
  expect(week).toMatchObject({ alerts: 5, incidents: 3, warning_alerts: 1 });
  expect(Math.max(...week.bars.map(({ errors }) => errors))).toBe(12);
});
