import { expect, test } from "vitest";
import { addMs, DAY_MS } from "@/core/clock";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { bodyOf, ingestOf, testDatabase } from "@/core/testing/test-database";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const plan = new RetentionPlan(30, 30, [
  { service: null, level: "debug", days: 3 },
  { service: "audit", level: null, days: 365 },
  { service: "audit", level: "trace", days: 1 },
]);

const send = (service: string, level: string, daysAgo: number, parameters = {}) => {
  const timestamp = addMs(new Date(NOW), -daysAgo * DAY_MS).toISOString();
  return ingestOf(context, undefined, plan).ingest({
    body: bodyOf(JSON.stringify([{ service, level, message: "m", timestamp }])),
    format: "json",
    encodings: [],
    announcedBytes: 0,
    tellsEach: true,
    parameters,
  });
};

test.each([
  ["shop", "debug", 3],
  ["shop", "info", 30],
  ["shop", "dbg", 3],
  ["audit", "debug", 365],
  ["audit", "trace", 1],
])(
  "given retention by rules, then an entry of %s at level %s may be %i days old, and not more",
  async (service, level, days) => {
    expect(await send(service, level, days)).toMatchObject({ accepted: 1, rejected: 0 });
    const name = level === "dbg" ? "debug" : level;
    expect((await send(service, level, days + 0.001)).errors).toEqual([
      {
        index: 0,
        error: `timestamp is more than ${days} ${days === 1 ? "day" : "days"} ago, which is older than entries of service "${service}" at level ${name} are kept`,
      },
    ]);
  },
);

test("given old entries that are to have the time of their arrival, then those that are past their own retention do", async () => {
  expect(await send("late", "debug", 4, { old: "now" })).toMatchObject({ accepted: 1 });
  expect(await send("late", "info", 4, { old: "now" })).toMatchObject({ accepted: 1 });
  const { rows } = await context.pool.query(
    "select level, timestamp, attributes->>'timestamp_original' as sent from logs.logs where service = 'late' order by level",
  );
  expect(rows).toEqual([
    { level: "debug", timestamp: new Date(NOW), sent: "2026-03-06T12:00:00.000Z" },
    { level: "info", timestamp: new Date("2026-03-06T12:00:00Z"), sent: null },
  ]);
});
