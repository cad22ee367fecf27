import { randomBytes } from "node:crypto";
import { rename } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { lockExclusive } from "@/core/locks";
import { FIRST_PAGE } from "@/core/page";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { sealSpan } from "@/core/segments/seal-span";
import { createSegments } from "@/core/segments/segments";
import { ingestOf, RETENTION_DAYS, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkThresholds } from "../check-thresholds";
import { headlineOf, loadMessage } from "../delivery/alert-message";
import { listIncidents } from "../incidents/list-incidents";
import { countStoppedAlerts } from "./count-stopped-alerts";
import { JudgeMemory } from "./judge-memory";
import { type JudgeContext, judgeQueries } from "./judge-queries";
import { listQueryAlerts } from "./list-query-alerts";
import { createQueryAlert, updateQueryAlert } from "./save-query-alert";
import { queryAlertChangeSchema, queryAlertInputSchema } from "./schemas";

const START = "2026-03-10T08:00:00.000Z";
const START_MS = Date.parse(START);
const MINUTE = 60_000;
const context = testDatabase(START);

beforeEach(async () => {
  context.clock.set(START);
  context.outbox.requested.length = 0;
  context.recent.want("alerts", false);
  plan = new RetentionPlan(RETENTION_DAYS);
  context.webhookPolicy = { allowPrivate: true, allowed: [] };
  await context.db.execute(sql`
    truncate logs.logs, logs.segments, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.services, logs.alert_queries,
      logs.alert_minutes, logs.alert_late_windows, logs.alert_windows, logs.alert_following, logs.alert_incidents, logs.alert_incident_redirects,
      logs.alert_deliveries, logs.alert_silences, logs.alert_receivers, logs.ingest_commits cascade`);
  await context.db.execute(sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`);
});

const watch = (given: Record<string, unknown>) =>
  createQueryAlert(context, queryAlertInputSchema.parse({ name: "an alert", watch: "value", ...given }));

const send = (entries: readonly object[]) => sendEntries(ingestOf(context), entries);

const warned: unknown[] = [];

/** What is kept of entries. */
let plan = new RetentionPlan(RETENTION_DAYS);

const judgeOnce = (memory?: JudgeMemory, more: Partial<JudgeContext> = {}) => {
  const logger = { warn: (facts: unknown) => warned.push(facts) };
  return judgeQueries({ ...context, settings: { retentionPlan: async () => plan }, logger, ...more }, memory);
};

/** What two processes remember. */
const memories = [new JudgeMemory(), new JudgeMemory()];

/** Judges until there is nothing left to do. @param by which process */
async function judge(by = 0) {
  const next = () => judgeOnce(memories[by]);
  for (let state = await next(); state !== "done"; state = await next()) expect(state).toBe("behind");
}

const queryAlerts = async () => (await listQueryAlerts(context, FIRST_PAGE)).data;

/** @param minutes since the start */
const moveTo = (minutes: number) => context.clock.set(new Date(START_MS + minutes * MINUTE).toISOString());

const windowRow = z.object({ name: z.string(), group_key: z.string(), end: z.coerce.number(), value: z.number() });

async function recorded() {
  const { rows } = await context.db.execute(sql`
    select name, group_key, (extract(epoch from ends_at) * 1000)::bigint as end, value
    from logs.alert_windows join logs.alert_queries as alert on alert.id = alert_id`);
  return z
    .array(windowRow)
    .parse(rows)
    .map(
      ({ name, group_key, end, value }) => `${name} ${group_key} ${(end - START_MS) / MINUTE} ${value.toPrecision(10)}`,
    )
    .sort();
}

type Sent = {
  service: string;
  level: "info" | "error";
  message: string;
  timestamp: number;
  attributes: { ms?: number };
};

/** An alert, and what it compares of the lines of a window, by plain means. */
type Example = {
  given: Record<string, unknown>;
  minutes: number;
  by: readonly "service"[];
  select(line: Sent): boolean;
  value(lines: Sent[]): number | null;
  crosses(now: number | null, before: number | null, lines: number, linesBefore: number): number | null;
};

const isOver =
  (most: number, least = 0) =>
  (now: number | null, _: number | null, lines: number) =>
    now !== null && lines >= least && now > most ? now : null;
const times = (lines: Sent[]) => lines.flatMap(({ attributes: { ms } }) => ms ?? []).sort((a, b) => a - b);

const EXAMPLES: Record<string, Example> = {
  "errors by service": {
    given: { query: "level>=error | stats count() as n by (service)", threshold: 2, window_minutes: 3 },
    minutes: 3,
    by: ["service"],
    select: ({ level }) => level === "error",
    value: (lines) => (lines.length === 0 ? null : lines.length),
    crosses: isOver(2),
  },
  "share of errors": {
    given: { watch: "share", query: "level>=error", by: ["service"], threshold: 40, least_count: 3, window_minutes: 5 },
    minutes: 5,
    by: ["service"],
    select: () => true,
    value: (lines) => (100 * lines.filter(({ level }) => level === "error").length) / lines.length,
    crosses: isOver(40, 3),
  },
  "longest, of an hour and a half": {
    given: { query: "| stats max(ms) as longest", threshold: 80, window_minutes: 90 },
    minutes: 90,
    by: [],
    select: () => true,
    value: (lines) => times(lines).at(-1) ?? null,
    crosses: isOver(80),
  },
  "half are quick": {
    given: { query: "| stats median(ms) by (service)", comparison: "<", threshold: 30, window_minutes: 2 },
    minutes: 2,
    by: ["service"],
    select: () => true,
    value(lines) {
      const [low, high] = [(times(lines).length - 1) / 2, (times(lines).length - 1) / 2].map((place, index) =>
        index === 0 ? times(lines)[Math.floor(place)] : times(lines)[Math.ceil(place)],
      );
      return low === undefined || high === undefined ? null : (low + high) / 2;
    },
    crosses: (now) => (now !== null && now < 30 ? now : null),
  },
  "nothing of pay": {
    given: { watch: "absence", query: "service:pay", window_minutes: 10 },
    minutes: 10,
    by: [],
    select: ({ service }) => service === "pay",
    value: (lines) => lines.length,
    crosses: (now) => (now === 0 ? 0 : null),
  },
  "more than an hour before": {
    given: {
      watch: "change",
      query: "| stats count() as n by (service)",
      against: "hour",
      threshold: 50,
      least_count: 2,
      window_minutes: 5,
    },
    minutes: 5,
    by: ["service"],
    select: () => true,
    value: (lines) => lines.length,
    crosses(now, before, lines, linesBefore) {
      if (now === null || !before || Math.max(lines, linesBefore) < 2) return null;
      const change = (100 * (now - before)) / before;
      return change > 50 ? change : null;
    },
  },
};

/** Walks over all windows and all lines. @param until ends of windows, in minutes since the start */
function bruteForce(sent: readonly Sent[], until: number): string[] {
  return Object.entries(EXAMPLES)
    .flatMap(([name, { minutes, by, select, value, crosses, given }]) => {
      const step = minutes > 60 ? 5 : 1;
      const chosen = sent.filter(select);
      const names = by.length === 0 ? [null] : ["shop", "pay"];
      const found: string[] = [];
      for (let end = step; end <= until; end += step) {
        for (const service of names) {
          const within = (last: number) =>
            chosen.filter(({ service: own, timestamp }) => {
              const at = (timestamp - START_MS) / MINUTE;
              return (service === null || own === service) && at < last && at >= last - minutes;
            });
          const [now, before] = [within(end), given.watch === "change" ? within(end - 60) : []];
          if (service !== null && now.length + before.length === 0) continue;
          const crossed = crosses(value(now), value(before), now.length, before.length);
          if (crossed !== null)
            found.push(
              `${name} ${JSON.stringify(service === null ? [] : [service])} ${end} ${crossed.toPrecision(10)}`,
            );
        }
      }
      return found;
    })
    .sort();
}

const line = fc.record({
  service: fc.constantFrom("shop", "pay"),
  level: fc.constantFrom("info" as const, "error" as const),
  ms: fc.option(fc.integer({ min: 1, max: 100 })),
  /** Minutes before now: mostly little, some by hours; also ahead. */
  age: fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) },
    { weight: 2, arbitrary: fc.double({ min: 3, max: 300, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: -20, max: 0, noNaN: true }) },
  ),
});
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      minutes: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 30, max: 150 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("judge" as const), by: fc.constantFrom(0, 0, 0, 1) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "seal" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remember" as const), wanted: fc.boolean() }) },
);

test("given lines at any times, late by hours, sealed meanwhile, and judged at any times, then what crossed is what a count over all lines says", async () => {
  let judged = 0;
  await fc.assert(
    fc
      .asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
        for (const [name, { given }] of Object.entries(EXAMPLES)) await watch({ name, ...given });
        const sent: Sent[] = [];
        let now = 0;
        for (const step of [...actions, { kind: "wait" as const, minutes: 3 }, { kind: "judge" as const, by: 0 }]) {
          if (step.kind === "wait") {
            now += step.minutes;
            moveTo(now);
          } else if (step.kind === "judge") await judge(step.by);
          else if (step.kind === "remember") context.recent.want("alerts", step.wanted);
          else if (step.kind === "seal") {
            const hot = await context.db.execute(sql`select from logs.logs limit 1`);
            if (hot.rows.length === 0) continue;
            const to = new Date(START_MS + (now + 30) * MINUTE);
            await sealSpan(context, { from: new Date(START_MS - 10 * 60 * MINUTE), to, splits: false });
          } else {
            const lines = step.lines.map(({ service, level, ms, age }) => ({
              service,
              level,
              message: "m",
              timestamp: Math.floor(START_MS + (now - age) * MINUTE),
              attributes: ms === null ? {} : { ms },
            }));
            await send(lines);
            sent.push(...lines);
          }
        }
        // What is ahead of its time is judged when that has come.
        now += 25;
        moveTo(now);
        await judge();
        const expected = bruteForce(sent, now - 1);
        judged += expected.length;
        expect(await recorded()).toEqual(expected);

        // An incident is of one group, windows at most 5 minutes apart are of one, and each window is of an incident.
        const incidents = await listIncidents(context, {});
        expect(incidents.reduce((sum, { violations }) => sum + violations, 0)).toBe(expected.length);
      })
      .beforeEach(async () => {
        context.clock.set(START);
        context.recent.want("alerts", false);
        await context.db.execute(sql`
          truncate logs.logs, logs.segments, logs.stats_minute, logs.services, logs.alert_queries, logs.alert_minutes,
            logs.alert_windows, logs.alert_following, logs.alert_incidents, logs.alert_incident_redirects, logs.ingest_commits cascade`);
      }),
    { numRuns: 10 },
  );
  expect(judged).toBeGreaterThan(20);
  // Each run walks over hours of windows, which takes its time on a busy machine.
}, 600_000);

describe("what is told", () => {
  const errors = (service: string, count: number, minute: number) =>
    send(
      Array.from({ length: count }, () => ({
        service,
        level: "error",
        message: "m",
        timestamp: START_MS + minute * MINUTE,
      })),
    );
  const receivers = [{ channel: "webhook", target: "http://127.0.0.1:1/hook" }];
  const byService = {
    query: "level>=error | stats count() as n by (service)",
    threshold: 2,
    window_minutes: 1,
    receivers,
  };

  test("given two groups that cross, then each is an incident of its own, told once, and over when it has stopped", async () => {
    await watch(byService);
    await judge();
    moveTo(1);
    await Promise.all([errors("shop", 3, 0.5), errors("pay", 4, 0.5), errors("search", 2, 0.5)]);
    moveTo(2);
    await judge();
    await judge();
    const open = await listIncidents(context, { state: "open" });
    expect(open.map(({ service, peak_count, watched }) => [service, peak_count, watched?.group]).sort()).toEqual([
      ["pay", 4, { service: "pay" }],
      ["shop", 3, { service: "shop" }],
    ]);
    expect(open[0]?.watched).toMatchObject({
      alert: "an alert",
      condition: "more than 2 in a minute",
      window_minutes: 1,
    });
    expect(context.outbox.requested).toHaveLength(2);
    moveTo(7);
    await judge();
    expect((await listIncidents(context, {})).map(({ state }) => state)).toEqual(["resolved", "resolved"]);
    expect(context.outbox.requested).toHaveLength(4);
  });

  test("given a count that can only rise, then it is told of before its window is over", async () => {
    await watch(byService);
    await judge();
    moveTo(0.5);
    await errors("shop", 3, 0.4);
    await judge();
    expect(await listIncidents(context, { state: "open" })).toHaveLength(1);
    await errors("shop", 3, 0.45);
    moveTo(1.5);
    await judge();
    expect(await recorded()).toEqual(['an alert ["shop"] 1 6.000000000']);
    expect(context.outbox.requested).toHaveLength(1);
  });

  test("given an absence that late lines fill, then what was recorded goes, and the incident is over", async () => {
    await watch({ watch: "absence", query: "service:shop", window_minutes: 2, threshold: 10, receivers });
    await judge();
    moveTo(3.5);
    await judge();
    const open = await listIncidents(context, { state: "open" });
    // Nothing is not more than nothing, whatever threshold a form still holds.
    expect(open).toMatchObject([{ violations: 3, peak_count: 0, threshold_value: 0 }]);
    await send(
      [0, 1, 2].map((minute) => ({
        service: "shop",
        level: "info",
        message: "m",
        timestamp: START_MS + minute * MINUTE,
      })),
    );
    await judge();
    expect(await recorded()).toEqual([]);
    expect((await listIncidents(context, {})).map(({ state, violations }) => [state, violations])).toEqual([
      ["resolved", 0],
    ]);
    expect(context.outbox.requested).toHaveLength(2);
  });

  // For longer than two hours what minutes gave is not kept, and windows between wait for their turn.
  test.each([30, 300])(
    "given a server that was away until minute %i, then nothing is absent for that, and what was absent before stays so",
    async (back) => {
      for (const service of ["shop", "gone"])
        await watch({ name: service, watch: "absence", query: `service:${service}`, window_minutes: 2 });
      await judge();
      const check = async (minute: number) => {
        moveTo(minute);
        await judge();
        await checkThresholds(context);
      };
      const windowsOf = async (name: string) => (await recorded()).filter((window) => window.startsWith(name));
      await send(
        [0, 1, 2, 3].map((minute) => ({
          service: "shop",
          level: "info",
          message: "m",
          timestamp: START_MS + minute * MINUTE,
        })),
      );
      await check(4.5);
      expect(await windowsOf("shop")).toEqual([]);
      expect(await windowsOf("gone")).toHaveLength(4);
      // Nothing ran until then.
      await check(back + 0.5);
      await check(back + 2.5);
      expect(await windowsOf("shop")).toEqual([]);
      expect(await windowsOf("gone")).toHaveLength(back + 2);
      expect((await listIncidents(context, {})).map(({ state }) => state)).toEqual(["open"]);
      await check(back + 3.5);
      expect(await windowsOf("shop")).toEqual([`shop [] ${back + 3} 0.000000000`]);
      expect(await listIncidents(context, { state: "open" })).toHaveLength(2);
    },
  );

  test("given an absence with a least number of lines, as a form may still hold one, then it crosses all the same, and none is stored", async () => {
    const given = { watch: "absence", query: "service:shop", window_minutes: 2, least_count: 5 };
    const alert = await watch(given);
    expect(alert.least_count).toBe(0);
    expect(await updateQueryAlert(context, alert.id, { least_count: 5 })).toMatchObject({ least_count: 0 });
    const other = await watch({ query: "| stats count() as n", name: "another", least_count: 5 });
    expect(await updateQueryAlert(context, other.id, { watch: "absence", query: "service:pay" })).toMatchObject({
      least_count: 0,
    });
    // As one that was stored before.
    await context.db.execute(sql`update logs.alert_queries set least_count = 5 where id = ${alert.id}`);
    await judge();
    moveTo(1.5);
    await judge();
    expect(await recorded()).toEqual(["an alert [] 1 0.000000000", "another [] 1 0.000000000"]);
  });

  test("given a change, when a pipe leaves a group out of one of its windows, then it is not taken for one without lines", async () => {
    const change = { watch: "change", against: "hour", comparison: "<", threshold: -50, window_minutes: 1 };
    await watch({ ...change, name: "many", query: "| stats count() as n by (service) | where n > 3" });
    await watch({ ...change, name: "top", query: "| stats count() as n by (service) | sort n desc | limit 1" });
    await judge();
    await Promise.all([errors("shop", 4, 0.5), errors("pay", 5, 0.5), errors("search", 4, 0.5)]);
    await Promise.all([errors("shop", 3, 60.5), errors("pay", 2, 60.5)]);
    moveTo(62);
    await judge();
    // Of search there is nothing any more: that is a change.
    expect(await recorded()).toEqual(['many ["search"] 61 -100.0000000']);
  });

  test("given a form that is saved with another receiver, then what was counted is kept, and windows that end later and earlier are judged alike", async () => {
    const alert = await watch({ ...byService, watch: "change", against: "hour", threshold: 50, by: [] });
    await judge();
    await errors("shop", 2, 0.5);
    moveTo(30);
    await judge();
    const state = async () => {
      const { rows } = await context.db.execute(
        sql`select valid_from, counted_from, counted_in, judged_until from logs.alert_queries where id = ${alert.id}`,
      );
      return rows;
    };
    const before = await state();
    const { id, ...form } = (await queryAlerts())[0] ?? alert;
    moveTo(31);
    await updateQueryAlert(
      context,
      id,
      queryAlertChangeSchema.parse({
        ...form,
        receivers: [...receivers, { channel: "email", target: "ops@example.com" }],
      }),
    );
    expect(await state()).toEqual(before);
    await updateQueryAlert(context, id, { threshold: 60 });
    expect(await state()).toMatchObject([{ counted_in: expect.any(String) }]);
    expect(await state()).not.toEqual(before);
    await updateQueryAlert(context, id, { against: "day" });
    expect(await state()).toMatchObject([{ counted_in: null }]);
  });

  test("given a change of more groups than there is room for, then one that was left out of a window is not taken for one without lines", async () => {
    const query = "| stats count() as n by (user)";
    await watch({ watch: "change", against: "hour", comparison: "<", threshold: -50, window_minutes: 1, query });
    await judge();
    const of = (users: readonly number[], minute: number) =>
      send(
        users.map((user) => ({
          service: "shop",
          message: "m",
          timestamp: START_MS + minute * MINUTE,
          attributes: { user: `u${String(user).padStart(3, "0")}` },
        })),
      );
    const all = Array.from({ length: LIMITS.alertGroups + 1 }, (_, user) => user);
    await of(all.slice(0, -1), 0.5);
    moveTo(60.6);
    await of(all.slice(1), 60.5);
    await judge();
    await of([0], 60.5);
    moveTo(62);
    await judge();
    expect(await queryAlerts()).toMatchObject([{ cut_entries: 1 }]);
    expect(await recorded()).toEqual([]);
  });

  test("given the last value that came, then it is compared as the number that it looks like, and what looks like none is not judged", async () => {
    await watch({ query: "| stats last(ms) as ms by (service)", threshold: 50, window_minutes: 1 });
    await watch({ name: "beside", query: "| stats count() as n, last(ms) as ms", threshold: 3, window_minutes: 1 });
    await judge();
    const values: [string, unknown][] = [
      ["shop", 9],
      ["shop", 70],
      ["pay", "60.5"],
      ["search", 80],
      ["search", "slow"],
    ];
    await send(
      values.map(([service, ms], place) => ({
        service,
        message: "m",
        timestamp: START_MS + MINUTE / 2 + place,
        attributes: { ms },
      })),
    );
    moveTo(2);
    await judge();
    expect(await recorded()).toEqual([
      'an alert ["pay"] 1 60.50000000',
      'an alert ["shop"] 1 70.00000000',
      "beside [] 1 5.000000000",
    ]);
  });

  test("given more groups than there is room for, then it says how many lines are in the others", async () => {
    const alert = await watch({ query: "| stats count() as n by (user)", threshold: 0, window_minutes: 1 });
    await judge();
    await send(
      Array.from({ length: LIMITS.alertGroups + 30 }, (_, user) => ({
        service: "shop",
        level: "info",
        message: "m",
        timestamp: START_MS + 30_000,
        attributes: { user: `u${String(user).padStart(4, "0")}` },
      })),
    );
    moveTo(2);
    await judge();
    expect(await recorded()).toHaveLength(LIMITS.alertGroups);
    expect(await queryAlerts()).toMatchObject([{ id: alert.id, cut_entries: 30, open_incidents: LIMITS.alertGroups }]);
    const told = await listIncidents(context, {});
    expect(told.filter(({ notified_at }) => notified_at !== null)).toHaveLength(0);
  });

  test("given many incidents at once, then so many are told of in an hour", async () => {
    await watch({ ...byService, query: "| stats count() as n by (user)", threshold: 0 });
    await judge();
    const lines = Array.from({ length: 50 }, (_, user) => ({
      service: "s",
      level: "info",
      message: "m",
      timestamp: START_MS + 1,
      attributes: { user },
    }));
    await send(lines);
    moveTo(2);
    await judge();
    expect(await listIncidents(context, { state: "open" })).toHaveLength(50);
    expect(context.outbox.requested).toHaveLength(LIMITS.alertOpenings);
  });

  test("given an alert that is made after its lines came, then its first windows look back at them", async () => {
    await errors("shop", 3, -0.5);
    await send([
      { service: "shop", level: "error", message: "m", timestamp: START_MS - MINUTE / 4, attributes: { ms: 9 } },
    ]);
    await watch({ ...byService, window_minutes: 10 });
    await watch({ ...byService, name: "another", query: "level:error ms:* | stats max(ms)", window_minutes: 5 });
    moveTo(1.5);
    await judge();
    expect(await recorded()).toEqual(['an alert ["shop"] 1 4.000000000', "another [] 1 9.000000000"]);
  });

  test("given a changed alert, then windows from then on are judged by it, and what was stays", async () => {
    const alert = await watch(byService);
    await judge();
    await errors("shop", 3, 0.5);
    moveTo(2);
    await judge();
    await updateQueryAlert(context, alert.id, { threshold: 5 });
    await errors("shop", 4, 2.5);
    moveTo(4);
    await judge();
    expect(await recorded()).toEqual(['an alert ["shop"] 1 3.000000000']);
  });

  test("given an alert that somebody else changed since it was opened, when it is saved, then that is refused and theirs stays", async () => {
    const { id, updated_at: opened } = await watch(byService);
    moveTo(1);
    await updateQueryAlert(context, id, { threshold: 5, updated_at: new Date(opened) });
    moveTo(2);
    const late = updateQueryAlert(context, id, { threshold: 1, updated_at: new Date(opened) });
    await expect(late).rejects.toMatchObject({ kind: "conflict" });
    expect((await updateQueryAlert(context, id, { enabled: true })).threshold).toBe(5);
  });

  test("given an alert that is changed before a window that has ended is judged, then that window is not forgotten", async () => {
    const alert = await watch(byService);
    await judge();
    await errors("shop", 4, 0.9);
    moveTo(1.01);
    await updateQueryAlert(context, alert.id, { name: "renamed", severity: "critical", query: `${byService.query} ` });
    moveTo(3);
    await judge();
    expect(await recorded()).toEqual(['renamed ["shop"] 1 4.000000000']);
    expect(await listIncidents(context, {})).toMatchObject([{ severity: "critical" }]);
  });

  test("given an alert that is switched off for a while, then what came meanwhile is not judged", async () => {
    const alert = await watch(byService);
    await judge();
    await updateQueryAlert(context, alert.id, { enabled: false });
    expect(await judgeOnce()).toBe("idle");
    await errors("shop", 4, 1.5);
    moveTo(5);
    await updateQueryAlert(context, alert.id, { enabled: true });
    await judge();
    await errors("shop", 3, 5.5);
    moveTo(7);
    await judge();
    expect(await recorded()).toEqual(['an alert ["shop"] 6 3.000000000']);
  });

  test("given a query that needs too much, then only that alert stops, and says why", async () => {
    await watch(byService);
    await watch({ name: "greedy", query: "| stats count() as n by (message)", threshold: 1, window_minutes: 1 });
    await judge();
    const message = "x".repeat(60_000);
    for (let batch = 0; batch < 4; batch++) {
      await send(
        Array.from({ length: 100 }, (_, at) => ({
          service: "shop",
          level: "error",
          message: `${batch} ${at} ${message}`,
          timestamp: START_MS + 30_000,
        })),
      );
    }
    moveTo(2);
    await judge();
    const [first, second] = await queryAlerts();
    expect([first?.problem, second?.problem]).toEqual([null, expect.stringContaining("more values in memory")]);
    expect(await recorded()).toEqual(['an alert ["shop"] 1 400.0000000']);
  });

  const tellers = [
    { channel: "email", target: "ops@example.com" },
    { channel: "webhook", target: "http://127.0.0.1:1/pager", format: "pagerduty", secret: "key" },
  ];

  /** What was queued for whom, the first first, as its headline. */
  async function told(): Promise<string[]> {
    const { rows } = await context.db.execute(sql`
      select id, channel from logs.alert_deliveries order by created_at, kind = 'resolved', channel, id`);
    const deliveries = z.array(z.object({ id: z.string(), channel: z.string() })).parse(rows);
    expect(deliveries.map(({ id }) => id).sort()).toEqual([...context.outbox.requested].sort());
    return Promise.all(
      deliveries.map(async ({ id, channel }) => {
        const message = await loadMessage(context.db, id, "https://logs.example.com");
        return `${channel} ${headlineOf(message)}`;
      }),
    );
  }

  /** Texts of which an alert that groups by them may keep so many, and not twice as many. */
  const sendMuch = async (name: string, minute: number) => {
    const message = "x".repeat(60_000);
    for (let batch = 0; batch < 2; batch++) {
      await send(
        Array.from({ length: 100 }, (_, at) => ({
          service: "shop",
          level: "error",
          message: `${name} ${batch} ${at} ${message}`,
          timestamp: START_MS + minute * MINUTE,
        })),
      );
    }
  };
  const greedy = {
    name: "greedy",
    query: "| stats count() as n by (message)",
    threshold: 1,
    window_minutes: 1,
    receivers: tellers,
  };

  test("given an alert with open incidents, when a minute becomes too much for it, then it stops, these end, its receivers are told why, and others go on", async () => {
    await watch(greedy);
    await watch({ ...byService, name: "other", threshold: 300, receivers: [] });
    await judge();
    const line = { service: "shop", level: "error", message: "again", timestamp: START_MS + 0.4 * MINUTE };
    await send([line, line]);
    moveTo(0.5);
    await judge();
    const opened = "Alert: greedy (message again): 2, more than 1 in a minute";
    expect(await told()).toEqual(["email", "webhook"].map((to) => `${to} ${opened}`));
    await sendMuch("one", 0.5);
    moveTo(0.6);
    await judge();
    await sendMuch("two", 0.5);
    moveTo(0.7);
    await judge();
    const open = await listIncidents(context, { state: "open" });
    expect(open.map(({ watched }) => watched)).toEqual([
      expect.objectContaining({ alert: "other" }),
      expect.objectContaining({ alert: "greedy", group: {}, condition: expect.stringMatching(/^it was stopped: /) }),
    ]);
    expect(await countStoppedAlerts(context)).toBe(1);
    const reason = "it needs more values in memory than there is room for: narrow the query, or group by less";
    expect((await told()).slice(2)).toEqual([
      `email Alert: greedy: it was stopped: ${reason}`,
      `webhook Alert: greedy: it was stopped: ${reason}`,
      "webhook Resolved: greedy (message again): 2, more than 1 in a minute",
    ]);
    moveTo(1.5);
    await judge();
    expect(context.outbox.requested).toHaveLength(5);

    const [{ id } = { id: 0 }] = await queryAlerts();
    await updateQueryAlert(context, id, { query: "level:fatal | stats count() as n" });
    moveTo(2.5);
    await judge();
    expect(await countStoppedAlerts(context)).toBe(0);
    expect((await told()).slice(5)).toEqual([
      expect.stringMatching(/^email Resolved: greedy: it was stopped: /),
      expect.stringMatching(/^webhook Resolved: greedy: it was stopped: /),
    ]);
  });

  test("given more of the past than a new alert may keep, then it stops and says so, and others are judged", async () => {
    await sendMuch("one", -0.5);
    await sendMuch("two", -0.5);
    await watch(greedy);
    await watch({ ...byService, receivers: [] });
    await judge();
    await errors("shop", 3, 0.5);
    moveTo(2);
    await judge();
    expect(await recorded()).toContain('an alert ["shop"] 1 3.000000000');
    const alerts = await queryAlerts();
    expect(alerts.map(({ name, problem }) => [name, problem])).toEqual([
      ["an alert", null],
      ["greedy", expect.stringContaining("more values in memory")],
    ]);
  });

  test("given a stored query that can't be read any more, then its alert stops, its receivers are told, and others go on", async () => {
    const alert = await watch({ ...byService, name: "broken", receivers: tellers });
    await watch({ ...byService, receivers: [] });
    await judge();
    await context.db.execute(sql`update logs.alert_queries set query = 'level>=error | gone' where id = ${alert.id}`);
    await errors("shop", 3, 0.5);
    moveTo(2);
    await judge();
    expect(await recorded()).toEqual(['an alert ["shop"] 1 3.000000000']);
    expect(await told()).toEqual([
      expect.stringMatching(/^email Alert: broken: it was stopped: query: /),
      expect.stringMatching(/^webhook Alert: broken: it was stopped: query: /),
    ]);
  });

  test("given an alert with an open incident, when it is switched off, then that is over, and what keeps incidents itself is told", async () => {
    const alert = await watch({ ...byService, receivers: tellers });
    await judge();
    await errors("shop", 3, 0.5);
    moveTo(1.5);
    await judge();
    await updateQueryAlert(context, alert.id, { severity: "critical" });
    expect(await listIncidents(context, { state: "open" })).toHaveLength(1);
    await updateQueryAlert(context, alert.id, { enabled: false });
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved" }]);
    const opened = "Alert, over already: an alert (service shop): 3, more than 2 in a minute";
    expect(await told()).toEqual([
      `email ${opened}`,
      `webhook ${opened}`,
      expect.stringMatching(/^webhook Resolved: /),
    ]);
  });

  test("given an incident that was left open by an alert that is off, then the next check ends it, and nobody is reminded of it", async () => {
    const alert = await watch({ ...byService, receivers: tellers, remind_every_minutes: 1 });
    await judge();
    await errors("shop", 3, 0.5);
    moveTo(1.5);
    await judge();
    await context.db.execute(sql`update logs.alert_queries set problem = 'too much' where id = ${alert.id}`);
    moveTo(5);
    await checkThresholds(context);
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved" }]);
    expect((await told()).slice(2)).toEqual([expect.stringMatching(/^webhook Resolved: /)]);
  });

  test("given lines in a segment that can't be read, then they are waited for, and then each alert and the log say that they are left out", async () => {
    warned.length = 0;
    const alert = await watch(byService);
    await judge();
    await errors("shop", 3, 0.5);
    await sealSpan(context, { from: new Date(START_MS - MINUTE), to: new Date(START_MS + 2 * MINUTE), splits: false });
    const folder = path.join(context.folder, "segments");
    await rename(folder, `${folder}.away`);
    moveTo(5);
    await expect(judge()).rejects.toThrow("can't be read");
    expect(await queryAlerts()).toMatchObject([{ left_out: null }]);
    moveTo(11);
    await judge();
    expect(await recorded()).toEqual([]);
    const [told] = await queryAlerts();
    expect(told?.left_out).toMatch(
      /^lines in the segment \S+ \(2026-03-10T08:00:30\S* to \S+\) could not be read for 10 minutes/,
    );
    expect(warned).toEqual([expect.objectContaining({ reason: told?.left_out })]);
    await rename(`${folder}.away`, folder);
    await updateQueryAlert(context, alert.id, { enabled: false });
    await updateQueryAlert(context, alert.id, { enabled: true });
    await judge();
    expect(await queryAlerts()).toMatchObject([{ left_out: null }]);
  });

  test("given a line so late that its windows are computed anew, when lines of then can't be read, then the alert says so and judges what is now", async () => {
    warned.length = 0;
    const alert = await watch({ query: "failed | stats count() as n by (service)", threshold: 2, window_minutes: 1 });
    await judge();
    const failing = (minutes: number, count: number) =>
      send(
        Array.from({ length: count }, () => ({
          service: "shop",
          message: "failed",
          timestamp: new Date(START_MS + minutes * MINUTE).toISOString(),
        })),
      );
    moveTo(3);
    await failing(1.5, 2);
    await judge();
    await sealSpan(context, { from: new Date(START_MS), to: new Date(START_MS + 2 * MINUTE), splits: false });
    moveTo(240);
    await judge();
    const folder = path.join(context.folder, "segments");
    await rename(folder, `${folder}.away`);
    await failing(1.5, 1);
    await failing(239.5, 3);
    moveTo(241);
    await judge();
    await rename(`${folder}.away`, folder);
    expect(await recorded()).toEqual(['an alert ["shop"] 240 3.000000000']);
    const [told] = await queryAlerts();
    expect(told).toMatchObject({
      problem: null,
      left_out: expect.stringMatching(/^windows that ended from 2026-03-10T08:02:00.000Z to \S+ could not be judged/),
    });
    expect(warned).toEqual([{ reason: `alert ${alert.id}: ${told?.left_out}` }]);
  });

  test("given days of lines that come late at once, then what crosses now is told first, and the windows of then after it", async () => {
    await watch({ query: "failed | stats count() as n by (service)", threshold: 1, window_minutes: 1 });
    await judge();
    const minutes = LIMITS.alertLateWindows + 1_000;
    const now = minutes + 300;
    moveTo(now);
    await judge();
    const failed = (minute: number) => ({
      service: "shop",
      message: "failed",
      timestamp: new Date(START_MS + (minute + 0.5) * MINUTE).toISOString(),
    });
    const twice = [10, 2_500, LIMITS.alertLateWindows + 500];
    await send([...Array.from({ length: minutes }, (_, minute) => minute), ...twice, now - 1, now - 1].map(failed));
    moveTo(now + 0.5);
    const windowOf = (minute: number) => `an alert ["shop"] ${minute + 1} 2.000000000`;
    expect(await judgeOnce()).toBe("behind");
    expect(await recorded()).toContain(windowOf(now - 1));
    expect(await recorded()).not.toContain(windowOf(LIMITS.alertLateWindows + 500));
    await judge();
    expect(await recorded()).toEqual([...twice, now - 1].map(windowOf).sort());
    const waiting = await context.db.execute(sql`select count(*)::int as windows from logs.alert_late_windows`);
    expect(waiting.rows).toEqual([{ windows: 0 }]);
  });

  test("given a value to group by that is longer than an index takes, then its windows cross like others, and others go on", async () => {
    await watch({ query: "failed | stats count() as n by (url)", threshold: 1, window_minutes: 1 });
    await judge();
    const url = randomBytes(6_000).toString("base64");
    const failed = (attributes: object) => ({
      service: "shop",
      message: "failed",
      timestamp: new Date(START_MS + MINUTE / 2).toISOString(),
      attributes,
    });
    await send([failed({ url }), failed({ url }), failed({ url: "/short" }), failed({ url: "/short" })]);
    moveTo(2);
    await judge();
    expect(await recorded()).toEqual([`an alert ["${url}"] 1 2.000000000`, 'an alert ["/short"] 1 2.000000000'].sort());
    expect(await listIncidents(context, { unresolved: true })).toHaveLength(2);
    // Looked at again, they are the same ones.
    await send([failed({ url })]);
    await judge();
    expect(await recorded()).toContain(`an alert ["${url}"] 1 3.000000000`);
    expect(await listIncidents(context, {})).toHaveLength(2);
  });

  test("given a line whose lists would put it into millions of groups, then the alert that groups by them stops and says so, and others go on", async () => {
    const wide = await watch({ query: "failed | stats count() as n by (a, b)", threshold: 1, window_minutes: 1 });
    await watch({ ...byService, query: "failed | stats count() as n by (service)", name: "narrow" });
    await judge();
    const numbers = Array.from({ length: 2_300 }, (_, index) => index);
    const lines = Array.from({ length: 4 }, () => ({
      service: "shop",
      message: "failed",
      timestamp: new Date(START_MS + MINUTE / 2).toISOString(),
      attributes: { a: numbers, b: numbers },
    }));
    await send(lines);
    moveTo(2);
    await judge();
    const told = await queryAlerts();
    expect(told.find(({ id }) => id === wide.id)?.problem).toMatch(/^an entry has so many values .* 5290000 groups/);
    expect((await recorded()).some((window) => window.startsWith('narrow ["shop"] 1 4'))).toBe(true);
  });

  test("given an alert for which too little memory is left, then it is left alone for a while and says why, and others are judged", async () => {
    await send(
      Array.from({ length: 5_000 }, (_, index) => ({
        service: "shop",
        message: randomBytes(400).toString("base64"),
        timestamp: new Date(START_MS - MINUTE + index).toISOString(),
        attributes: { id: randomBytes(40).toString("hex") },
      })),
    );
    await sealSpan(context, { from: new Date(START_MS - 2 * MINUTE), to: new Date(START_MS), splits: false });
    const scratch = path.join(context.folder, "little");
    const little = createSegments({
      folder: path.join(context.folder, "segments"),
      scratch,
      memoryBytes: 3 * 1024 * 1024,
    });
    const much = sql`select count(*) from (select md5(i::varchar) from range(2_000_000) as t(i) group by 1)`;
    await expect(little.duck.read(much, z.unknown())).rejects.toThrow("this takes more memory than it may have");
    const memory = new JudgeMemory();
    const judgeWithLittle = async () => {
      for (let state = await judgeOnce(memory, { segments: little }); state === "behind"; )
        state = await judgeOnce(memory, { segments: little });
    };
    const heavy = await watch({ query: "| stats count() as n by (message, id)", threshold: 9, window_minutes: 5 });
    await watch({ ...byService, name: "light", query: "level>=error | stats count() as n by (service)" });
    await judgeWithLittle();
    const [first] = (await queryAlerts()).filter(({ id }) => id === heavy.id);
    expect(first?.problem).toBeNull();
    await errors("shop", 4, 0.5);
    moveTo(2);
    await judgeWithLittle();
    expect((await recorded()).some((window) => window.startsWith('light ["shop"] 1 4'))).toBe(true);
    little.duck.close();
  });

  test("given lines of long ago beside which others are gone, then the windows of then stay as they were, and the alert says so", async () => {
    await watch({
      watch: "share",
      query: "level>=error",
      by: ["service"],
      threshold: 40,
      least_count: 1,
      window_minutes: 1,
    });
    await judge();
    moveTo(3 * 24 * 60);
    await judge();
    plan = new RetentionPlan(30, 30, [{ service: null, level: "info", days: 1 }]);
    await errors("shop", 5, 600);
    await judge();
    expect(await recorded()).toEqual([]);
    expect(await queryAlerts()).toMatchObject([
      { problem: null, left_out: expect.stringContaining("some entries of that time are gone") },
    ]);
  });

  test("given hours in which nobody judged, then what crosses now is told first, and what crossed meanwhile after it", async () => {
    await watch({ query: "failed | stats count() as n by (service)", threshold: 1, window_minutes: 1 });
    await judge();
    const failed = (minute: number) => ({
      service: "shop",
      message: "failed",
      timestamp: new Date(START_MS + (minute + 0.5) * MINUTE).toISOString(),
    });
    const now = 600;
    await send([10, 10, 300, 300, now - 1, now - 1].map(failed));
    moveTo(now + 0.5);
    await judge();
    expect(await recorded()).toEqual(
      [10, 300, now - 1].map((minute) => `an alert ["shop"] ${minute + 1} 2.000000000`).sort(),
    );
  });

  test("given several who judge at once, then each window is recorded and told once", async () => {
    await watch(byService);
    await judge();
    await errors("shop", 3, 0.5);
    moveTo(2);
    const states = await Promise.all(Array.from({ length: 4 }, () => judgeOnce()));
    expect(states).toContain("done");
    await judge();
    expect(context.outbox.requested).toHaveLength(1);
  });
});

describe("what can be watched", () => {
  test.each([
    [{ query: "level:error" }, "a pipe is missing"],
    [{ query: "| stats count() by (time(5m))" }, "leave time out"],
    [{ query: "| stats count() as a, max(ms) as b" }, "there are a, b: choose one by | fields"],
    [{ query: "| stats first(message)" }, "an alert needs one number"],
    [{ query: "| stats last(ms), last(size)" }, "choose one by | fields"],
    [{ query: "| stats count() as n by (service) | fields n" }, "has lost the column service"],
    [{ query: "| stats nothing()" }, "character 9"],
    [{ watch: "share", query: "| stats count()" }, "only lines can be asked for here"],
    [{ watch: "share", query: "level:error", of: "(" }, "of:"],
    [{ watch: "absence", query: "/(/" }, "query:"],
    [{ watch: "change", query: "| stats count()" }, "must be hour, day or week"],
    [
      { query: "| stats count()", receivers: [{ channel: "webhook", target: "http://127.0.0.1/" }] },
      "must not call 127.0.0.1",
    ],
  ])("given %j, then it is refused with the reason", async (given, reason) => {
    context.webhookPolicy = { allowPrivate: false, allowed: [] };
    await expect(watch(given)).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining(reason) });
    expect(await queryAlerts()).toEqual([]);
  });

  test("given a name that another has, then it is a conflict", async () => {
    await watch({ query: "| stats count()" });
    await expect(watch({ query: "| stats count()" })).rejects.toMatchObject({ kind: "conflict" });
  });
});

test("given a judgement that takes long, then an alert is made meanwhile", async () => {
  await context.db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["query alerts", 0]);
    expect(await watch({ query: "* | stats count()", threshold: 1 })).toMatchObject({ name: "an alert" });
  });
});
