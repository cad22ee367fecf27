import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { addMs, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { LEVELS, type Level } from "@/core/levels";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { getHistogram } from "./get-histogram";
import { parseQuery } from "./query/parse";

const NOW = "2026-03-10T12:34:56.789Z";
const NOW_MS = Date.parse(NOW);
const context = testDatabase(NOW);

async function empty(): Promise<void> {
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.services, logs.stats_stale`);
  await context.db.execute(sql`update logs.stats_progress set complete_until = to_timestamp(0)`);
}

beforeEach(empty);

type Sent = { timestamp: number; level: Level; service: string; message: string };

const DAY_MINUTES = 1_440;
const minutesAgo = fc.oneof(fc.integer({ min: -60, max: 28 * DAY_MINUTES }), fc.integer({ min: 0, max: 180 }));
const entries = fc.array(
  fc.record({
    timestamp: minutesAgo.map((minutes) => NOW_MS - minutes * MINUTE_MS),
    level: fc.constantFrom(...LEVELS),
    service: fc.constantFrom("shop", "pay"),
    message: fc.constant("m"),
  }),
  { minLength: 20, maxLength: 60 },
);
/** Of every width of bars. */
const length = fc.oneof(
  fc.integer({ min: 1, max: 28 * DAY_MINUTES }),
  fc.integer({ min: 1, max: 300 * DAY_MINUTES }),
  fc.constantFrom(60, 600, DAY_MINUTES, 7 * DAY_MINUTES, 28 * DAY_MINUTES),
);
const asked = fc.record({
  ago: minutesAgo,
  length,
  isBack: fc.boolean(),
  q: fc.constantFrom("", "service:shop", "level>=error", "service:pay level:info"),
  allKeptFromAgo: minutesAgo,
});

const isOf = (q: string, { service, level }: Sent) =>
  q === "" ||
  (q === "service:shop" && service === "shop") ||
  (q === "level>=error" && (level === "error" || level === "fatal")) ||
  (q === "service:pay level:info" && service === "pay" && level === "info");

test("given entries before and after their hour and day are rolled up, when any time is asked for, then its bars are what was sent", async () => {
  await fc.assert(
    fc.asyncProperty(
      entries,
      fc.constantFrom("nothing", "hours", "days"),
      entries,
      fc.array(asked, { minLength: 12, maxLength: 12 }),
      async (early, rolledUp, late, questions) => {
        await empty();
        const ingest = ingestOf(context);
        await sendEntries(ingest, early);
        if (rolledUp === "hours") await aggregateLogsHourly(context);
        if (rolledUp === "days") await aggregateLogsDaily(context);
        await sendEntries(ingest, late);
        const sent: Sent[] = [...early, ...late];
        for (const { ago, length, isBack, q, allKeptFromAgo } of questions) {
          const one = Math.floor(NOW_MS / MINUTE_MS - ago) * MINUTE_MS;
          const from = new Date(isBack ? one - length * MINUTE_MS : one);
          const to = addMs(from, length * MINUTE_MS);
          const allKeptFrom = new Date(NOW_MS - allKeptFromAgo * MINUTE_MS);
          const found = await getHistogram(context, { query: parseQuery(q), from, to, allKeptFrom });
          const step = found.bucket_seconds * SECOND_MS;
          const expected = new Map<string, number>();
          for (const entry of sent) {
            if (entry.timestamp < from.getTime() || entry.timestamp >= to.getTime() || !isOf(q, entry)) continue;
            const bar = new Date(Math.floor(entry.timestamp / step) * step).toISOString();
            const key = `${bar} ${entry.level}`;
            expected.set(key, (expected.get(key) ?? 0) + 1);
          }
          const bars = found.buckets.flatMap(({ timestamp, count_by_level }) =>
            LEVELS.filter((level) => count_by_level[level] > 0).map((level): [string, number] => [
              `${timestamp} ${level}`,
              count_by_level[level],
            ]),
          );
          expect(new Map(bars)).toEqual(expected);
          expect(found.buckets.length).toBeLessThanOrEqual(121);
          expect(found.counted_from).toBe(from.toISOString());
        }
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

test("given hours that are rolled up, then a chart with bars of hours reads minutes of the others only, and of what may be gone", async () => {
  const at = (time: string): Sent => ({ timestamp: Date.parse(time), level: "info", service: "shop", message: "m" });
  await sendEntries(ingestOf(context), [
    at("2026-03-07T10:10:00Z"),
    at("2026-03-09T10:10:00Z"),
    at("2026-03-10T12:10:00Z"),
  ]);
  await aggregateLogsHourly(context);
  // Whoever reads the minutes of hours that are rolled up finds nothing.
  await context.db.execute(sql`delete from logs.stats_minute where bucket < '2026-03-10T12:00:00Z'`);
  const span = { from: new Date("2026-03-07T09:30:00Z"), to: new Date("2026-03-10T12:34:00Z") };
  const countsOf = async (allKeptFrom: Date) =>
    (await getHistogram(context, { query: parseQuery(""), ...span, allKeptFrom })).buckets
      .filter(({ count_by_level }) => count_by_level.info > 0)
      .map(({ timestamp }) => timestamp);
  const today = "2026-03-10T12:00:00.000Z";
  expect(await countsOf(span.from)).toEqual(["2026-03-07T10:00:00.000Z", "2026-03-09T10:00:00.000Z", today]);
  expect(await countsOf(new Date("2026-03-08T00:00:00Z"))).toEqual(["2026-03-09T10:00:00.000Z", today]);
});
