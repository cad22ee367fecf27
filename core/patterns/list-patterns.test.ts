import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { mergePattern, mutePattern, unmergePattern } from "./change-patterns";
import { fingerprintMessage } from "./fingerprint-message";
import { canonicalOf, getPattern } from "./get-pattern";
import { listPatterns, type PatternsQuery } from "./list-patterns";
import { updatePatternAliases } from "./update-pattern-aliases";

const NOW = "2026-03-10T12:34:56Z";
const NOW_MS = Date.parse(NOW);
const MINUTE = 60_000;
const context = testDatabase(NOW);

beforeEach(async () => {
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.patterns, logs.pattern_services, logs.pattern_aliases`);
});

const send = (service: string, level: string, minutesAgo: number, ...messages: string[]) =>
  sendEntries(
    ingestOf(context),
    messages.map((message) => ({ service, level, message, timestamp: NOW_MS - minutesAgo * MINUTE })),
  );
const idOf = (message: string) => String(fingerprintMessage(Buffer.from(message)));
const page = (query: Partial<PatternsQuery> = {}) =>
  listPatterns(context, {
    range: "1h",
    order: "count",
    level: "error",
    muted: false,
    search: "",
    limit: 100,
    offset: 0,
    ...query,
  });
const list = async (query: Partial<PatternsQuery> = {}) => (await page(query)).data;
const templates = async (query: Partial<PatternsQuery> = {}) => (await list(query)).map(({ template }) => template);

test("given patterns of two hours, then each has its counts, the hour before, its services and whether it is new, in every order", async () => {
  await send("shop", "error", 70, "order 1 failed", "order 2 failed", "order 3 failed");
  await send("shop", "error", 50, "order 4 failed");
  await send("pay", "fatal", 5, "order 5 failed");
  await send("pay", "error", 30, "card 7 declined", "card 8 declined", "card 9 declined");
  await send("shop", "error", 1, "disk is full", "disk is full");
  await send("shop", "warning", 2, "slow answer of 900 ms");
  const [declined, ...rest] = await list();
  expect(declined).toMatchObject({
    template: "card <num> declined",
    count: 3,
    previous_count: 0,
    services: ["pay"],
    is_new: true,
  });
  expect(rest.map(({ template }) => template)).toEqual(["disk is full", "order <num> failed"]);
  const failed = rest[1];
  expect(failed).toMatchObject({
    level: "fatal",
    services: ["pay", "shop"],
    count: 2,
    previous_count: 3,
    is_new: false,
    first_seen: new Date(NOW_MS - 50 * MINUTE).toISOString(),
    last_seen: new Date(NOW_MS - 5 * MINUTE).toISOString(),
    first_seen_ever: new Date(NOW_MS - 70 * MINUTE).toISOString(),
  });
  // The bars of an hour are minutes, the last one the running: 61 of them.
  expect(failed?.counts).toHaveLength(61);
  expect(failed?.counts.flatMap((count, bar) => (count > 0 ? [[60 - bar, count]] : []))).toEqual([
    [50, 1],
    [5, 1],
  ]);
  expect(await templates({ order: "newest" })).toEqual(["disk is full", "card <num> declined", "order <num> failed"]);
  expect(await templates({ order: "growth" })).toEqual(["card <num> declined", "disk is full", "order <num> failed"]);
  expect(await templates({ level: "warning", limit: 4 })).toContain("slow answer of <duration>");
  const second = await page({ order: "newest", limit: 2, offset: 2 });
  expect(second).toMatchObject({ total: 3, data: [{ template: "order <num> failed", service_count: 2 }] });
  expect(await page({ limit: 2, offset: 4 })).toEqual({ total: 3, data: [] });
  expect(await templates({ service: "shop" })).toEqual(["disk is full", "order <num> failed"]);
  expect(await templates({ level: "fatal" })).toEqual(["order <num> failed"]);
});

test("given a part of a message in any case, a whole message with other values, or words of what counts as it, then the search has its pattern", async () => {
  await send("shop", "error", 5, "Order 1 failed", "Order 2 failed", "no answer from the bank", "100% of disk_0 used");
  await send("shop", "error", 4, "the bank is silent");
  await mergePattern(context, idOf("the bank is silent"), idOf("no answer from the bank"));
  expect(await templates({ search: "oRDER" })).toEqual(["Order <num> failed"]);
  // Only one message of a pattern is kept, and this is not it.
  expect(await templates({ search: "Order 77 failed" })).toEqual(["Order <num> failed"]);
  expect(await templates({ search: "silent" })).toEqual(["no answer from the bank"]);
  expect(await templates({ search: "0%" })).toHaveLength(1);
  expect(await templates({ search: "%" })).toHaveLength(1);
  expect(await templates({ search: "r_" })).toEqual([]);
  expect(await page({ search: "e", limit: 1, offset: 5 })).toEqual({ total: 3, data: [] });
});

test("given a pattern whose entries of many minutes came at once, then it is known since the earliest of them", async () => {
  const minutes = [3, 200, 70, 1];
  await sendEntries(
    ingestOf(context),
    minutes.map((ago) => ({ service: "s", level: "error", message: "late", timestamp: NOW_MS - ago * MINUTE })),
  );
  const earliest = new Date(NOW_MS - 200 * MINUTE).toISOString();
  expect(await list()).toMatchObject([{ count: 2, is_new: false, first_seen_ever: earliest }]);
});

test("given a pattern, then its page has its services, its course, and the most frequent values of each placeholder", async () => {
  await send(
    "shop",
    "error",
    3,
    "user alice of 10.0.0.1 failed",
    "user bob of 10.0.0.1 failed",
    "user alice of 10.0.0.2 failed",
  );
  await send("pay", "error", 2, "user alice of 10.0.0.1 failed");
  const pattern = idOf("user carol of 10.0.0.9 failed");
  const detail = await getPattern(context, pattern, "1h");
  expect(detail).toMatchObject({
    pattern,
    template: "user <str> of <ip> failed",
    count: 4,
    services: [
      { service: "shop", count: 3 },
      { service: "pay", count: 1 },
    ],
    sampled: 4,
    recent_entries: [{ service: "pay", message: "user alice of 10.0.0.1 failed", pattern }, {}, {}, {}],
    values: [
      [
        { value: "alice", count: 3 },
        { value: "bob", count: 1 },
      ],
      [
        { value: "10.0.0.1", count: 3 },
        { value: "10.0.0.2", count: 1 },
      ],
    ],
  });
  expect(detail.trend.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  await expect(getPattern(context, "12345", "1h")).rejects.toMatchObject({ kind: "not_found" });
});

test("given a pattern of more services than are listed, then those with the most are, and all of them count", async () => {
  const names = Array.from({ length: 103 }, (_, index) => `service-${String(index).padStart(3, "0")}`);
  const entry = (service: string) => ({ service, level: "error", message: "disk is full", timestamp: NOW_MS - MINUTE });
  await sendEntries(ingestOf(context), [...names, "service-102"].map(entry));
  const { services, services_total, count } = await getPattern(context, idOf("disk is full"), "1h");
  expect([services.length, services_total, count]).toEqual([100, 103, 104]);
  expect(services.slice(0, 2)).toEqual([
    { service: "service-102", count: 2 },
    { service: "service-000", count: 1 },
  ]);
});

test("given patterns that a person merges, takes apart and mutes, then lists, pages and the job follow", async () => {
  await send("shop", "error", 3, "could not reach the warehouse", "the warehouse did not answer", "something else");
  const [reach, answer] = [idOf("could not reach the warehouse"), idOf("the warehouse did not answer")];
  await mergePattern(context, answer, reach);
  await expect(mergePattern(context, reach, answer)).rejects.toMatchObject({ kind: "invalid" });
  expect(await templates()).toEqual(["could not reach the warehouse", "something else"]);
  expect(await getPattern(context, answer, "1h")).toMatchObject({
    pattern: reach,
    count: 2,
    aliases: [{ pattern: answer, reason: "person", message: "the warehouse did not answer" }],
  });
  await updatePatternAliases(context);
  expect(await templates()).toHaveLength(2);
  await mutePattern(context, answer, true);
  expect(await templates()).toEqual(["something else"]);
  expect(await templates({ muted: true })).toEqual(["could not reach the warehouse"]);
  expect((await getTopErrors(context, { range: "1h", limit: 10 })).map(({ message }) => message)).toEqual([
    "something else",
  ]);
  await mutePattern(context, reach, false);
  await unmergePattern(context, answer);
  await updatePatternAliases(context);
  expect(await templates()).toHaveLength(3);
  await expect(unmergePattern(context, answer)).rejects.toMatchObject({ kind: "conflict" });
  await expect(unmergePattern(context, reach)).rejects.toMatchObject({ kind: "not_found" });
  await expect(mutePattern(context, "5", true)).rejects.toMatchObject({ kind: "not_found" });
  await expect(mergePattern(context, reach, "5")).rejects.toMatchObject({ kind: "not_found" });
});

test("given patterns that two people merge at once, then none counts as one that counts as another", async () => {
  await send("shop", "error", 3, "the lamp is out", "the door is open", "a window broke");
  const [lamp, door, window] = [idOf("the lamp is out"), idOf("the door is open"), idOf("a window broke")];

  for (let round = 0; round < 5; round++) {
    const both = await Promise.allSettled([mergePattern(context, lamp, door), mergePattern(context, door, lamp)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await unmergePattern(context, both[0]?.status === "fulfilled" ? lamp : door);
  }
  await Promise.all([mergePattern(context, lamp, door), mergePattern(context, door, window)]);
  expect(await Promise.all([lamp, door, window].map((id) => canonicalOf(context, id)))).toEqual([
    window,
    window,
    window,
  ]);
});
