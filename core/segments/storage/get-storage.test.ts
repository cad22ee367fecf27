import { rm } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { applyRetention } from "@/core/retention/apply-retention";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { Settings } from "@/core/settings/settings";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkStore } from "../check-store";
import { sealSegments } from "../seal-segments";
import { getStorage } from "./get-storage";
import { roomOf } from "./room";

const context = testDatabase("2026-03-10T12:00:00Z");
const storage = (page = {}) => {
  const settings = new Settings(
    { ...context, logger: { warn: () => undefined } },
    { retentionDays: 30, maxDiskBytes: 1e9 },
  );
  return getStorage({ ...context, settings }, { limit: 2, daysOffset: 0, servicesOffset: 0, ...page });
};

const entriesOf = (day: string, count: number, service: string) =>
  Array.from({ length: count }, (_, index) => ({
    service,
    message: "äöü",
    timestamp: Date.parse(`${day}T10:00:00Z`) + index,
  }));

test("given nothing, then nothing is stored, and nobody knows how long there is room", async () => {
  await checkStore(context, true);
  expect(await storage()).toMatchObject({
    store: { name: path.join(context.folder, "segments"), reachable: true },
    entries: 0,
    oldest_day: null,
    hot: { entries: 0 },
    sealed: { entries: 0, segments: 0, bytes: 0 },
    room: { bytes_per_day: null, retention_days: 30, max_bytes: 1e9, fits_days: null, full_at: null },
    sealing: { running_since: null, succeeded_at: null, failed_at: null, error: null },
    problems: { missing: 0, damaged: 0, segments: [] },
    days: { total: 0, rows: [] },
    services: { total: 0, rows: [] },
  });
});

test("given days of which some are sealed, then each says what it has, by pages, and what can't be read is named", async () => {
  await sendEntries(ingestOf(context), [...entriesOf("2026-03-06", 10, "shop"), ...entriesOf("2026-03-07", 20, "pay")]);
  await sealSegments(context);
  await sendEntries(ingestOf(context), [...entriesOf("2026-03-10", 5, "shop"), ...entriesOf("2026-03-07", 1, "shop")]);
  await context.db.execute(sql`
    insert into logs.job_executions (job_type, scheduled_for, started_at, completed_at, status, error_message, created_at) values
      ('seal-segments', '2026-03-10T11:58Z', '2026-03-10T11:58Z', '2026-03-10T11:58:01Z', 'success', null, now()),
      ('seal-segments', '2026-03-10T11:59Z', '2026-03-10T11:59Z', '2026-03-10T11:59:01Z', 'failed', 'no room', now())`);

  const found = await storage();
  const { rows } = await context.db.execute<{ bytes: number; path: string }>(sql`
    select bytes::int, path from logs.segments order by first_timestamp`);
  const [sixth, seventh] = rows.map(({ bytes }) => bytes);
  expect(found).toMatchObject({
    entries: 36,
    oldest_day: "2026-03-06",
    hot: { entries: 6 },
    // 27 of a time, "info", three characters of two bytes each, and the names of the services.
    sealed: { entries: 30, segments: 2, text_bytes: 30 * (27 + 4 + 6) + 10 * 4 + 20 * 3 },
    sealing: { succeeded_at: "2026-03-10T11:58:01.000Z", failed_at: "2026-03-10T11:59:01.000Z", error: "no room" },
    days: {
      total: 3,
      rows: [
        { day: "2026-03-10", entries: 5, sealed_entries: 0, segments: 0, bytes: 0, unreadable: 0 },
        { day: "2026-03-07", entries: 21, sealed_entries: 20, segments: 1, bytes: seventh, unreadable: 0 },
      ],
    },
    services: {
      total: 2,
      rows: [
        { service: "pay", entries: 20, share: 20 / 36 },
        { service: "shop", entries: 16 },
      ],
    },
  });
  expect(found.room.bytes_per_day).toBe(((sixth ?? 0) + (seventh ?? 0)) / 2);
  expect((await storage({ daysOffset: 2 })).days.rows.map(({ day }) => day)).toEqual(["2026-03-06"]);
  // A page beyond the last one still says how many there are.
  expect((await storage({ servicesOffset: 2 })).services).toEqual({ total: 2, rows: [] });

  await rm(path.join(context.folder, "segments", rows[0]?.path ?? ""));
  const span = { from: new Date("2026-03-01"), to: new Date("2026-03-11") };
  await searchLogs(context, { query: parseQuery("äöü"), ...span, limit: 100 });
  expect((await storage()).problems).toEqual({
    missing: 1,
    damaged: 0,
    segments: [
      {
        path: rows[0]?.path,
        from: "2026-03-06T10:00:00.000000Z",
        to: "2026-03-06T10:00:00.009000Z",
        entries: 10,
        problem: "missing",
        found_at: "2026-03-10T12:00:00.000Z",
      },
    ],
  });
});

test("given rules of retention, then each service is said to have what is stored of it", async () => {
  await context.db.execute(
    sql`truncate logs.logs, logs.segments, logs.stats_minute, logs.stats_hour, logs.stats_day cascade`,
  );
  context.clock.set("2026-03-08T12:00:00Z");
  const sent = (level: string) =>
    [1, 2, 3, 4, 5, 6].map((of) => ({ ...entriesOf(`2026-03-0${of}`, 1, "shop")[0], level }));
  await sendEntries(ingestOf(context), [...sent("info"), ...sent("debug"), ...entriesOf("2026-03-07", 4, "audit")]);
  await aggregateLogsHourly(context);
  await aggregateLogsDaily(context);
  const plan = new RetentionPlan(4, 4, [
    { service: null, level: "debug", days: 2 },
    { service: "audit", level: null, days: 365 },
  ]);
  await applyRetention(context, plan);
  const settings = { retentionPlan: async () => plan, maxDiskBytes: async () => null };
  const found = () => getStorage({ ...context, settings }, { limit: 9, daysOffset: 0, servicesOffset: 0 });
  // Of shop info from the 4th and debug from the 6th on.
  const { entries, services, room } = await found();
  expect([entries, services.rows.map(({ service, entries: of }) => [service, of])]).toEqual([
    8,
    [
      ["audit", 4],
      ["shop", 4],
    ],
  ]);
  // Of the two days before, of which nothing has gone: one entry is kept for 4 days, one for 2, four for a year.
  expect(room.kept_days).toBeCloseTo((4 + 2 + 4 * 365) / 6);
});

const day = (name: string, bytes: number) => ({
  day: name,
  entries: 1,
  sealed_entries: 1,
  segments: 1,
  bytes,
  unreadable: 0,
});
const now = new Date("2026-03-10T00:00:00Z");
const days = [day("2026-03-10", 1), day("2026-03-09", 300), day("2026-03-08", 100)];
const asked = {
  days,
  sealedBytes: 400,
  hotBytes: 600,
  storedBytes: 1_000,
  retentionDays: 10,
  kept: [{ days: 10, share: 1 }],
  maxBytes: null,
  freeBytes: null,
};

const RULED = [
  { days: 2, share: 0.75 },
  { days: 10, share: 0.25 },
];

test.each([
  // 200 a day for 10 days. On the 9th go the 100, on the 10th the 300 that are there: it is most after 9, 1,700 more.
  ["nothing that bounds it", {}, { fits_days: null, full_at: null }],
  ["a disk with room for what comes", { freeBytes: 1_700 }, { fits_days: 10.5, full_at: null }],
  ["a disk without", { freeBytes: 1_400 }, { fits_days: 9, full_at: "2026-03-17T00:00:00.000Z" }],
  [
    "a limit that is nearer than the disk",
    { freeBytes: 1_600, maxBytes: 1_200 },
    { fits_days: 3, full_at: "2026-03-11T00:00:00.000Z" },
  ],
  ["a limit that is reached", { maxBytes: 900 }, { fits_days: 2, full_at: "2026-03-10T00:00:00.000Z" }],
  // The 600 beside the files grow as they do: of 500 bytes 200 are for files.
  [
    "a database that has more beside entries than the files take",
    { hotBytes: 0, maxBytes: 1_500 },
    { fits_days: 3, full_at: "2026-03-11T00:00:00.000Z" },
  ],
  // Three quarters go after two days: 75 and 225 of what is there, 150 of each day that comes. So there are 125 more after a day, 100
  // after two, 50 more each day until the 8th, and 25 more on the 9th: 425.
  ["rules by which most goes soon", { kept: RULED, freeBytes: 425 }, { kept_days: 4, fits_days: 4.125, full_at: null }],
  ["rules and little room", { kept: RULED, freeBytes: 175 }, { kept_days: 4, full_at: "2026-03-13T12:00:00.000Z" }],
])("given %s, then it is told how long there is room", (_what, bounds, expected) => {
  expect(roomOf({ ...asked, ...bounds }, now)).toMatchObject({ bytes_per_day: 200, ...expected });
});
