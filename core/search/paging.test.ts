import { expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { decodeCursor } from "./cursor";
import { EVERYTHING } from "./query/query-tree";
import { type Search, searchLogs } from "./search-logs";

const NOW_MS = Date.parse("2026-03-10T12:00:00Z");
const context = testDatabase("2026-03-10T12:00:00Z");
const OLD = 100_000;

/** Several to a millisecond, over five hours and so over parts of the day. */
const timeOf = (index: number) => NOW_MS - Math.floor(index / 5) * 900;

test("given 100,000 entries, when new and late ones come while they are paged through, then each of them comes exactly once", async () => {
  const ingest = ingestOf(context);
  for (let first = 0; first < OLD; first += 10_000) {
    const entries = Array.from({ length: 10_000 }, (_, index) => first + index);
    await sendEntries(
      ingest,
      entries.map((index) => ({ service: "old", message: String(index), timestamp: timeOf(index) })),
    );
  }
  const times = new Map<string, number>();
  let isReading = true;
  const writing = (async () => {
    for (let batch = 0; isReading; batch++) {
      const late = Array.from({ length: 200 }, (_, index) => timeOf((batch * 7_919 + index * 499) % OLD));
      await sendEntries(
        ingest,
        [...late, NOW_MS + batch].map((timestamp) => ({ service: "new", message: "new", timestamp })),
      );
    }
  })();
  let cursor: Search["cursor"];
  let newOnes = 0;
  let last = Number.POSITIVE_INFINITY;
  do {
    const span = { from: new Date(NOW_MS - 86_400_000), to: new Date(NOW_MS + 86_400_000) };
    const page = await searchLogs(context, { query: EVERYTHING, ...span, limit: 1_000, cursor });
    for (const { service, message, timestamp } of page.entries) {
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(last);
      last = Date.parse(timestamp);
      if (service === "old") times.set(message, (times.get(message) ?? 0) + 1);
      else newOnes++;
    }
    cursor = page.next_cursor === null ? undefined : decodeCursor(page.next_cursor);
  } while (cursor);
  isReading = false;
  await writing;
  expect(times.size).toBe(OLD);
  expect([...times.values()].filter((count) => count !== 1)).toEqual([]);
  expect(newOnes).toBeGreaterThan(0);
});
