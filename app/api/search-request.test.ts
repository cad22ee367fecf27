import { expect, test } from "vitest";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { getHistogram } from "@/core/search/get-histogram";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { searchOf } from "./search-request";

const NOW = "2026-03-10T12:00:30.500Z";
const context = testDatabase(NOW);

const micros = (time: string) => Date.parse(time) * 1_000;
const asked = (days: number, range: { from?: number; to?: number }) => {
  const settings = { retentionPlan: async () => new RetentionPlan(days), masker: async () => null };
  return searchOf({ clock: context.clock, settings }, { q: "", ...range });
};

test("given a time that begins in the year 0 or ends in 9999, then it is that of what is kept, in at most 120 bars", async () => {
  await sendEntries(ingestOf(context), [{ message: "one", timestamp: "2026-03-10T11:00:00Z" }]);
  const search = await asked(3_650, { from: micros("0000-01-01T00:00:00Z"), to: micros("9999-12-31T23:59:59Z") });
  expect(search.from.toISOString()).toBe("2016-03-11T12:00:00.000Z");
  expect(search.to.toISOString()).toBe("2026-03-12T12:01:00.000Z");
  expect((await searchLogs(context, { ...search, limit: 10 })).entries).toHaveLength(1);
  const { buckets, total_count } = await getHistogram(context, { ...search, allKeptFrom: new Date(0) });
  expect(total_count).toBe(1);
  expect(buckets.length).toBeLessThanOrEqual(121);
});

test("given a time before or after all that is kept, then nothing is found", async () => {
  for (const range of [{ to: micros("2020-01-01T00:00:00Z") }, { from: micros("2030-01-01T00:00:00Z") }]) {
    const search = await asked(30, range);
    expect(search.from < search.to).toBe(true);
    expect((await searchLogs(context, { ...search, limit: 10 })).entries).toEqual([]);
  }
});
