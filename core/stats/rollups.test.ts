import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";
import { LEVELS, type Level } from "@/core/levels";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { aggregateLogsDaily } from "./aggregate-logs-daily";
import { aggregateLogsHourly } from "./aggregate-logs-hourly";
import { countsWithin } from "./rollups";

const NOW = "2026-03-10T12:34:56.789Z";
const NOW_MS = Date.parse(NOW);
const context = testDatabase(NOW);

beforeEach(async () => {
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.pattern_minute, logs.pattern_hour,
      logs.pattern_day, logs.patterns, logs.services, logs.stats_stale`);
  await context.db.execute(sql`update logs.stats_progress set complete_until = to_timestamp(0)`);
});

type Sent = { timestamp: number; level: Level; service: string; message: string };

const minutesAgo = fc.oneof(fc.integer({ min: -60, max: 4 * 1440 }), fc.integer({ min: 0, max: 180 }));
const entry: fc.Arbitrary<Sent> = fc.record({
  timestamp: minutesAgo.map((minutes) => NOW_MS - minutes * MINUTE_MS),
  level: fc.constantFrom(...LEVELS),
  service: fc.constantFrom("shop", "pay", "a/b c"),
  message: fc.constantFrom("disk full", "ok"),
});
const action = fc.oneof(
  { weight: 3, arbitrary: fc.array(entry, { minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constant("roll up hours" as const) },
  { weight: 1, arbitrary: fc.constant("roll up days" as const) },
);
const asked = fc.record({
  ago: minutesAgo,
  length: fc.oneof(fc.integer({ min: 1, max: 5 * 1440 }), fc.integer({ min: 1, max: 200 })),
  service: fc.constantFrom(undefined, "shop", ["pay", "a/b c"]),
  coarsest: fc.constantFrom("minute" as const, "hour" as const, "day" as const),
  rolledUpFromAgo: fc.option(minutesAgo, { nil: undefined }),
});

const minuteOf = (ms: number) => new Date(Math.floor(ms / MINUTE_MS) * MINUTE_MS);

/** By walking over all that was sent. */
function countBy(sent: readonly Sent[], keep: (entry: Sent) => boolean, startMs: number) {
  const counts = new Map<string, number>();
  for (const one of sent.filter(keep)) {
    const start = new Date(Math.floor(one.timestamp / startMs) * startMs).toISOString();
    const key = [start, one.service, one.level].join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
}

async function read(from: ReturnType<typeof countsWithin>, start: string): Promise<string[]> {
  const { rows } = await context.db.execute<{ row: string }>(sql`
    select concat_ws(' ', to_char(start, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), service, level, sum(count)) as row
    from (select date_trunc(${start}, bucket, 'UTC') as start, service, level, count from ${from} as counts) as started
    group by start, service, level`);
  return rows.map(({ row }) => row).sort();
}

test("given entries that come at any time before and after their hour and day are rolled up, when any time is counted in any buckets, then it is what was sent", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 2, maxLength: 8 }),
      fc.array(asked, { minLength: 5, maxLength: 5 }),
      async (actions, questions) => {
        await context.db.execute(sql`
          truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.pattern_minute, logs.pattern_hour,
            logs.pattern_day, logs.patterns, logs.services, logs.stats_stale`);
        await context.db.execute(sql`update logs.stats_progress set complete_until = to_timestamp(0)`);
        const ingest = ingestOf(context);
        const sent: Sent[] = [];
        let [hours, days] = [0, 0];
        for (const one of actions) {
          if (one === "roll up hours") {
            await aggregateLogsHourly(context);
            hours = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
          } else if (one === "roll up days") {
            await aggregateLogsDaily(context);
            hours = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
            days = Math.floor(NOW_MS / DAY_MS) * DAY_MS;
          } else {
            await sendEntries(ingest, one);
            sent.push(...one);
          }
          // What is complete is right at every moment, without another run.
          const inHours = countBy(sent, ({ timestamp }) => timestamp < hours, HOUR_MS);
          expect(await read(sql`logs.stats_hour`, "hour")).toEqual(inHours);
          const inDays = countBy(sent, ({ timestamp }) => timestamp < days, DAY_MS);
          expect(await read(sql`logs.stats_day`, "day")).toEqual(inDays);
        }
        for (const { ago, length, service, coarsest, rolledUpFromAgo } of questions) {
          const from = minuteOf(NOW_MS - ago * MINUTE_MS);
          const to = addMs(from, length * MINUTE_MS);
          const counts = countsWithin({
            window: { from, to },
            service,
            coarsest,
            ...(rolledUpFromAgo === undefined ? {} : { rolledUpFrom: new Date(NOW_MS - rolledUpFromAgo * MINUTE_MS) }),
          });
          const widths = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
          const isAsked = (one: Sent) =>
            one.timestamp >= from.getTime() &&
            one.timestamp < to.getTime() &&
            (service === undefined || [service].flat().includes(one.service));
          expect(await read(counts, coarsest)).toEqual(countBy(sent, isAsked, widths[coarsest]));
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("given hours and days whose entries are gone in part, when they are counted from when all is kept, then only what is there counts", async () => {
  const old = { timestamp: Date.parse("2026-03-08T05:15:00Z"), level: "info", service: "shop", message: "m" } as const;
  await sendEntries(ingestOf(context), [old, { ...old, timestamp: old.timestamp + DAY_MS }]);
  await aggregateLogsDaily(context);
  await context.db.execute(sql`delete from logs.stats_minute where bucket < '2026-03-09'`);
  const window = { from: new Date("2026-03-07T00:00:00Z"), to: new Date("2026-03-10T00:00:00Z") };
  const rolledUpFrom = new Date("2026-03-08T12:00:00Z");
  expect(await read(countsWithin({ window, coarsest: "day", rolledUpFrom }), "day")).toEqual([
    "2026-03-09T00:00:00.000Z shop info 1",
  ]);
  expect(await read(countsWithin({ window, coarsest: "day" }), "day")).toHaveLength(2);
});
