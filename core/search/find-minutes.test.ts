import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addMs, HOUR_MS, MINUTE_MS } from "@/core/clock";
import type { Level } from "@/core/levels";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { latestCandidate } from "./find-minutes";

const NOW = "2026-03-10T12:34:56.789Z";
const NOW_MS = Date.parse(NOW);
const context = testDatabase(NOW);
const dialect = new PgDialect();

const minutesAgo = fc.oneof(fc.integer({ min: 0, max: 3 * 1440 }), fc.integer({ min: 0, max: 180 }));
const entry = fc.record({
  timestamp: minutesAgo.map((minutes) => NOW_MS - minutes * MINUTE_MS),
  level: fc.constantFrom<Level>("info", "error", "fatal"),
  service: fc.constantFrom("shop", "pay"),
  message: fc.constant("m"),
});
const entries = fc.array(entry, { maxLength: 8 });
const asked = fc.record({
  ago: minutesAgo,
  length: fc.oneof(fc.integer({ min: 1, max: 4 * 1440 }), fc.integer({ min: 1, max: 200 })),
  levels: fc.subarray<Level>(["info", "error", "fatal"], { minLength: 1 }),
});

test("given entries of before and after their hour was rolled up, and minutes that are gone, when any levels are looked for, then it is the latest minute that has some", async () => {
  await fc.assert(
    fc.asyncProperty(
      entries,
      entries,
      fc.option(minutesAgo, { nil: undefined }),
      fc.array(asked, { minLength: 8, maxLength: 8 }),
      async (before, after, goneAgo, questions) => {
        await context.db.execute(sql`truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day cascade`);
        await context.db.execute(sql`update logs.stats_progress set complete_until = to_timestamp(0)`);
        const ingest = ingestOf(context);
        if (before.length > 0) await sendEntries(ingest, before);
        await aggregateLogsHourly(context);
        if (after.length > 0) await sendEntries(ingest, after);
        const goneUntil = goneAgo === undefined ? 0 : NOW_MS - goneAgo * MINUTE_MS;
        await context.db.execute(sql`delete from logs.stats_minute where bucket < ${new Date(goneUntil)}::timestamptz`);
        const minutes = [...before, ...after]
          .map(({ timestamp, level }) => ({ level, minute: Math.floor(timestamp / MINUTE_MS) * MINUTE_MS }))
          .filter(({ minute }) => minute >= goneUntil);
        for (const { ago, length, levels } of questions) {
          const from = new Date(NOW_MS - ago * MINUTE_MS);
          const to = addMs(from, length * MINUTE_MS);
          const first = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
          const found = minutes.filter(
            ({ level, minute }) => levels.includes(level) && minute >= first && minute < to.getTime(),
          );
          const latest = found.length === 0 ? null : new Date(Math.max(...found.map(({ minute }) => minute)));
          expect(await latestCandidate(context.db, { services: null, levels }, from, to)).toEqual(latest);
        }
      },
    ),
    { numRuns: 20 },
  );
});

test("given a month without a level, then its hours are looked at and not the minutes of all services", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.stats_minute, logs.stats_hour, logs.stats_day cascade`);
  const from = new Date(NOW_MS - 30 * 24 * HOUR_MS);
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select date_trunc('minute', ${from}::timestamptz) + n * interval '1 minute', 'shop', 'info', 1
    from generate_series(1, 30 * 24 * 60) as n`);
  await context.db.execute(sql`
    insert into logs.stats_hour (bucket, service, level, count)
    select date_trunc('hour', bucket), service, level, sum(count) from logs.stats_minute group by 1, 2, 3`);
  await context.db.execute(sql`
    update logs.stats_progress set complete_until = date_trunc('hour', ${new Date(NOW_MS)}::timestamptz)`);
  let minutesAsked = 0;
  const watching = {
    execute(query: SQL) {
      const { sql: text, params } = dialect.sqlToQuery(query);
      const [start, end] = params.map((value) => new Date(String(value)).getTime());
      if (text.includes("stats_minute")) minutesAsked += ((end ?? 0) - (start ?? 0)) / MINUTE_MS;
      return context.db.execute(query);
    },
  };
  const to = new Date(NOW_MS);
  const required = { services: null, levels: ["fatal" as const] };
  expect(await latestCandidate(watching as never, required, from, to)).toBeNull();
  expect(minutesAsked).toBeGreaterThan(0);
  expect(minutesAsked).toBeLessThan(120);
  const fatal = addMs(from, 5 * HOUR_MS);
  await sendEntries(ingestOf(context), [{ service: "shop", level: "fatal", message: "m", timestamp: fatal.getTime() }]);
  expect(await latestCandidate(context.db, required, from, to)).toEqual(
    new Date(Math.floor(fatal.getTime() / MINUTE_MS) * MINUTE_MS),
  );
});
