import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { addMs, DAY_MS, MINUTE_MS } from "@/core/clock";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { parseQuery } from "@/core/search/query/parse";
import { sealSpan } from "@/core/segments/seal-span";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import type { CountedSeries } from "./count-groups";
import { tableOfCounts } from "./count-table";
import { findPipe } from "./find-pipe";
import { getStats } from "./get-stats";
import { parsePipes } from "./parse-pipes";
import { ZoneClock } from "./zone-clock";

const NOW = "2026-03-10T12:00:00.000Z";
const NOW_MS = Date.parse(NOW);
const context = testDatabase(NOW);

/** Six days, over a change of clocks in New York. */
const entries = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) => ({
    service: ["shop", "pay", "search"][(index * seed) % 3] ?? "",
    level: LEVELS[(index * 7 + seed) % 6] ?? "info",
    message: `request ${index}`,
    timestamp: NOW_MS - index * 17 * MINUTE_MS - ((index * seed) % 60) * 1_000,
  }));

/** Some are sealed, and half of them come after their hours and days were rolled up. */
beforeAll(async () => {
  await sendEntries(ingestOf(context), entries(500, 1));
  await sealSpan(context, {
    from: addMs(new Date(NOW), -4 * DAY_MS),
    to: addMs(new Date(NOW), -2 * DAY_MS),
    splits: false,
  });
  await aggregateLogsDaily(context);
  await sendEntries(ingestOf(context), entries(500, 5));
});

function ask(q: string, asked: { from: Date; to: Date; zone: string }) {
  const pipe = findPipe(q) ?? q.length;
  const query = parseQuery(q.slice(0, pipe));
  return getStats(context, { query, pipeline: parsePipes(q, pipe), allKeptFrom: new Date(0), ...asked });
}

const asked = fc.record({
  zone: fc.constantFrom("UTC", "Asia/Kathmandu", "America/New_York"),
  ago: fc.integer({ min: 1, max: 8_000 }),
  length: fc.integer({ min: 1, max: 8_000 }),
  selected: fc.constantFrom("", "service:shop", "level>=error", "level>=warning service:p*"),
  measures: fc.array(
    fc.record({
      call: fc.constantFrom("count()", "rate()"),
      only: fc.constantFrom("", " if (service:shop)", " if (level>=error)", " if (service:pay level:info)"),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  keys: fc.uniqueArray(
    fc.constantFrom("service", "level", "time(7m)", "time(1h)", "time(3h)", "time(1d)", "hour", "weekday"),
    { maxLength: 4, selector: (key) => key.replace(/\(.*/, "") },
  ),
});

test("given any counts by service, level and time, with late entries among them, then they are what reading the entries gives", async () => {
  await fc.assert(
    fc.asyncProperty(asked, async ({ zone, ago, length, selected, measures, keys }) => {
      const from = addMs(new Date(NOW), -ago * MINUTE_MS);
      const range = { from, to: addMs(from, length * MINUTE_MS), zone };
      const written = measures.map(({ call, only }, index) => `${call}${only} as m${index}`).join(", ");
      const stats = `stats ${written}${keys.length === 0 ? "" : ` by (${keys.join(", ")})`}`;
      const counted = await ask(`${selected} | ${stats}`, range);
      // A condition on what is not counted makes it read the entries.
      const read = await ask(`${selected} -nothing | ${stats}`, range);
      const sorted = (answer: typeof read) => ({
        ...answer,
        rows: answer.rows.map((row) => JSON.stringify(row)).sort(),
      });
      expect(sorted(counted)).toEqual(sorted(read));
    }),
    { numRuns: 80 },
  );
}, 120_000);

test("given more groups than there is room for, then it is refused and says what to do", () => {
  const { stats } = parsePipes("| stats count() by (time(1m))", 0);
  const starts = Array.from({ length: LIMITS.computedGroups }, (_, index) => index * 60);
  const series: CountedSeries = { service: "", level: "info", starts, counts: starts.map(() => 1), taken: [true] };
  const question = {
    stats,
    stepMs: MINUTE_MS,
    span: { from: 0, to: LIMITS.computedGroups * MINUTE_MS },
    clock: new ZoneClock("UTC"),
    grainMs: MINUTE_MS,
    canonical: new Map(),
  };
  expect(tableOfCounts([series], question).table.rows).toHaveLength(LIMITS.computedGroups);
  const more = { ...series, starts: [...starts, starts.length * 60], counts: [...series.counts, 1] };
  expect(() => tableOfCounts([more], question)).toThrow(/more than 100000 groups: group by less, or narrow/);
});
