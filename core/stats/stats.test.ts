import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { LEVELS, type Level } from "@/core/levels";
import { changeSetting } from "@/core/settings/change-setting";
import { healthSchema } from "@/core/settings/schemas";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { aggregateLogsDaily } from "./aggregate-logs-daily";
import { aggregateLogsHourly } from "./aggregate-logs-hourly";
import { getDashboardStats } from "./get-dashboard-stats";
import { getOverview } from "./get-overview";
import { getServiceDetail } from "./get-service-detail";
import { getServiceHealth } from "./get-service-health";
import { getServiceStats } from "./get-service-stats";
import { getTopErrors } from "./get-top-errors";
import { getTrend } from "./get-trend";

const NOW = "2026-03-10T12:34:56.789Z";
const NOW_MS = Date.parse(NOW);
const MINUTE = 60_000;
const context = testDatabase(NOW);

beforeEach(async () => {
  context.clock.set(NOW);
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.pattern_minute, logs.pattern_hour,
      logs.pattern_day, logs.patterns, logs.services, logs.stats_stale, logs.settings`);
  await context.db.execute(sql`update logs.stats_progress set complete_until = to_timestamp(0)`);
});

type Sent = { timestamp: number; level: Level; service: string; message: string };

/** An independent count, by walking over everything that was sent. */
function countBy(sent: readonly Sent[], fromMs: number, keep: (entry: Sent) => boolean = () => true) {
  const counts = Object.fromEntries(LEVELS.map((level) => [level, 0]));
  for (const entry of sent) {
    const inRange = entry.timestamp >= fromMs && entry.timestamp < Date.parse("2026-03-10T12:35:00Z");
    if (inRange && keep(entry)) counts[entry.level] = (counts[entry.level] ?? 0) + 1;
  }
  return counts;
}

const STARTS = {
  "1h": Date.parse("2026-03-10T11:34:00Z"),
  "1d": Date.parse("2026-03-09T12:34:00Z"),
  "1w": Date.parse("2026-03-03T12:34:00Z"),
} as const;

const entryArbitrary = fc.record({
  // Up to nine days back, denser in the last hours, and a little ahead.
  timestamp: fc
    .oneof(fc.integer({ min: -9 * 1440, max: 60 }), fc.integer({ min: -180, max: 2 }))
    .map((minutes) => NOW_MS + minutes * MINUTE),
  level: fc.constantFrom(...LEVELS),
  service: fc.constantFrom("shop", "pay", "a/b c"),
  message: fc.constantFrom("disk full", "time out", "refused", "ok"),
});

describe("counts of the dashboard", () => {
  test("given entries in random order from concurrent senders, with roll-ups in between, every endpoint equals an independent count", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(entryArbitrary, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 }),
        async (batches) => {
          await context.db.execute(sql`
          truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.pattern_minute, logs.pattern_hour,
            logs.pattern_day, logs.services, logs.stats_stale`);
          const ingest = ingestOf(context);
          await Promise.all([
            ...batches.map((batch) => sendEntries(ingest, batch)),
            aggregateLogsDaily(context),
            aggregateLogsHourly(context),
          ]);
          const sent = batches.flat();
          const check = async () => {
            for (const range of ["1h", "1d", "1w"] as const) {
              for (const service of new Set(sent.map((entry) => entry.service))) {
                const expected = countBy(sent, STARTS[range], (entry) => entry.service === service);
                const stats = await getServiceStats(context, service, range);
                expect(stats.count_by_level).toEqual(expected);
                const trend = await getTrend(context, service, range);
                const summed = Object.fromEntries(
                  LEVELS.map((level) => [
                    level,
                    trend.buckets.reduce((sum, bucket) => sum + bucket.count_by_level[level], 0),
                  ]),
                );
                expect(summed).toEqual(expected);
              }
              const errors = sent.filter(
                (entry) =>
                  (entry.level === "error" || entry.level === "fatal") &&
                  entry.timestamp >= STARTS[range] &&
                  entry.timestamp < Date.parse("2026-03-10T12:35:00Z"),
              );
              const top = await getTopErrors(context, { range, limit: 100 });
              expect(top.reduce((sum, row) => sum + row.count, 0)).toBe(errors.length);
              for (const row of top) {
                const same = errors.filter(
                  (entry) =>
                    entry.message === row.message && entry.service === row.service && entry.level === row.level,
                );
                expect(row.count).toBe(same.length);
                expect(Date.parse(row.first_seen)).toBe(Math.min(...same.map((entry) => entry.timestamp)));
                expect(Date.parse(row.last_seen)).toBe(Math.max(...same.map((entry) => entry.timestamp)));
              }
            }
          };
          await check();
          await aggregateLogsDaily(context);
          await check();
          const different = await context.db.execute(sql`
          (select date_trunc('minute', timestamp) as bucket, service, level, count(*) from logs.logs group by 1, 2, 3)
          except (select bucket, service, level, count from logs.stats_minute)`);
          expect(different.rows).toEqual([]);
          const patterns = await context.db.execute(sql`
          with counted as (
            select date_trunc('minute', timestamp) as bucket, service, level, pattern, count(*), min(timestamp), max(timestamp)
            from logs.logs where level >= 'warning' group by 1, 2, 3, 4
          ), known as (select bucket, service, level, pattern, count, first_seen, last_seen from logs.pattern_minute)
          (table counted except table known) union all (table known except table counted)`);
          expect(patterns.rows).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("given late entries for an hour and a day that are rolled up, when read before and after the next run, then they count", async () => {
    const ingest = ingestOf(context);
    const late = { timestamp: "2026-03-08T05:15:00Z", level: "error", service: "shop", message: "late" };
    await sendEntries(ingest, [late]);
    await aggregateLogsDaily(context);
    await sendEntries(ingest, [late, { ...late, timestamp: "2026-03-08T05:59:59.999Z" }]);
    expect((await getServiceStats(context, "shop", "1w")).total_count).toBe(3);
    const hourly = await aggregateLogsHourly(context);
    expect(hourly).toMatchObject({ completed: 0, corrected: 1 });
    expect((await getServiceStats(context, "shop", "1w")).total_count).toBe(3);
    expect(await aggregateLogsDaily(context)).toMatchObject({ corrected: 1 });
    expect((await getServiceStats(context, "shop", "1w")).total_count).toBe(3);
    const rolledUp = await context.db.execute(sql`select count::int from logs.stats_day where bucket = '2026-03-08'`);
    expect(rolledUp.rows).toEqual([{ count: 3 }]);
  });

  test("given runs at the same time, when hours are rolled up, then each bucket is there once", async () => {
    const ingest = ingestOf(context);
    const hours = Array.from({ length: 20 }, (_, hour) => ({
      timestamp: NOW_MS - hour * 60 * MINUTE,
      level: "info",
      service: "shop",
      message: "m",
    }));
    await sendEntries(ingest, hours);
    const results = await Promise.all(Array.from({ length: 4 }, () => aggregateLogsHourly(context)));
    expect(results.reduce((sum, result) => sum + result.completed, 0)).toBe(19);
    const rows = await context.db.execute(
      sql`select count(*)::int as rows, sum(count)::int as entries from logs.stats_hour`,
    );
    expect(rows.rows).toEqual([{ rows: 19, entries: 19 }]);
  });
});

describe("health", () => {
  const send = (count: number, level: Level, service: string) =>
    sendEntries(
      ingestOf(context),
      Array.from({ length: count }, () => ({ timestamp: NOW_MS, level, service, message: "m" })),
    );

  test.each([
    [50, "error", "Warning"],
    [51, "error", "Error"],
    [51, "fatal", "Error"],
    [11, "error", "Warning"],
    [10, "error", "OK"],
    [50, "warning", "OK"],
    [51, "warning", "Warning"],
  ] as const)("given %i entries of level %s in the last hour, then the status is %s", async (count, level, status) => {
    await send(count, level, "shop");
    expect((await getServiceHealth(context)).health.shop?.status).toBe(status);
    expect((await getDashboardStats(context)).service_health.shop?.status).toBe(status);
  });

  test.each([
    [3, 17, {}, "Warning"],
    [2, 18, {}, "OK"],
    [3, 16, {}, "OK"],
    [3, 16, { least_entries: 19 }, "Warning"],
    [3, 17, { error: { error_rate: 0.149 } }, "Error"],
    [3, 17, { error: { error_rate: 0.15 } }, "Warning"],
    [3, 17, { warning: { error_rate: null } }, "OK"],
    [3, 17, { error: { errors: 2 } }, "Error"],
    [300, 1, { error: { errors: null }, warning: { errors: null, error_rate: null } }, "OK"],
    [1, 60, { warning: { errors: 0 } }, "Warning"],
  ] as const)(
    "given %i errors beside %i other entries and limits %j, then the status is %s",
    async (errors, others, limits, status) => {
      await changeSetting(context, "health", healthSchema.parse(limits));
      await send(errors, "error", "shop");
      await send(others, "info", "shop");
      expect((await getServiceHealth(context)).health.shop?.status).toBe(status);
      expect((await getOverview(context, "1d")).services[0]?.status).toBe(status);
    },
  );

  test("given a service that fell silent, then it keeps its row with zeros and when it was last seen", async () => {
    await send(1, "error", "shop");
    context.clock.set("2026-03-10T18:00:00Z");
    expect((await getServiceStats(context, "shop", "1h")).total_count).toBe(0);
    const overview = await getOverview(context, "1h");
    expect(overview.services).toMatchObject([{ service: "shop", status: "OK", total_count: 0, last_seen: NOW }]);
  });

  test("given a service whose clock is ahead, then it was seen when its entries arrived, and it is told by how much", async () => {
    const ingest = ingestOf(context);
    const ahead = NOW_MS + 5 * 3_600_000;
    await sendEntries(ingest, [{ timestamp: ahead, level: "error", service: "early", message: "m" }]);
    await sendEntries(ingest, [{ timestamp: NOW_MS + 30_000, level: "info", service: "right", message: "m" }]);

    const { services } = await getOverview(context, "1h");
    expect(services.map(({ service, last_seen }) => [service, last_seen])).toEqual([
      ["early", NOW],
      ["right", NOW],
    ]);
    expect(await getServiceDetail(context, "early", "1h")).toMatchObject({
      clock_ahead_ms: 5 * 3_600_000,
      recent_entries: [{ message: "m" }],
    });
    expect((await getServiceDetail(context, "right", "1h")).clock_ahead_ms).toBeNull();
  });

  test("given a service that was never seen, then its stats and its trend are not found", async () => {
    await expect(getServiceStats(context, "nobody", "1h")).rejects.toMatchObject({ kind: "not_found" });
    await expect(getTrend(context, "nobody", "1h")).rejects.toMatchObject({ kind: "not_found" });
  });
});

test("given a flood of different error messages, then rows per service and minute are bounded and no count is lost", async () => {
  const entries = Array.from({ length: 3_000 }, (_, index) => ({
    timestamp: NOW_MS,
    level: "error",
    service: "shop",
    message: `no ${[...String(index)].map((digit) => "abcdefghij"[Number(digit)]).join("")}`,
  }));
  await sendEntries(ingestOf(context), entries);
  const rows = await context.db.execute(
    sql`select count(*)::int as rows, sum(count)::int as entries from logs.pattern_minute`,
  );
  expect(rows.rows).toEqual([{ rows: 101, entries: 3_000 }]);
  expect((await getTopErrors(context, { range: "1h", limit: 1 }))[0]).toMatchObject({ count: 2_900 });
});
