import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { DAY_MS } from "@/core/clock";
import { parseQuery } from "@/core/search/query/parse";
import { sealSpan } from "@/core/segments/seal-span";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { patternAliases } from "@/db/schema";
import { findPatterns } from "./find-patterns";
import { fingerprintMessage } from "./fingerprint-message";

const NOW = "2026-03-10T12:00:00.000Z";
const NOW_MS = Date.parse(NOW);
const MINUTE = 60_000;
const context = testDatabase(NOW);

/** Of two hours, one a minute: 80 requests, 30 orders of two levels, and 10 cards, of the latest 10 minutes. */
const sent = Array.from({ length: 120 }, (_, index) => ({
  service: "shop",
  timestamp: NOW_MS - (index + 1) * MINUTE,
  ...(index < 10
    ? { level: "warning", message: `card ${index} declined` }
    : index % 4 === 3
      ? { level: index % 8 === 3 ? "error" : "info", message: `order ${index} is late` }
      : { level: "info", message: `request ${index} served in ${index * 3} ms` }),
}));
const isOrder = ({ message }: { message: string }) => message.startsWith("order");

/** The earlier hour is sealed. */
beforeAll(async () => {
  await sendEntries(ingestOf(context), sent);
  await sealSpan(context, { from: new Date(NOW_MS - 180 * MINUTE), to: new Date(NOW_MS - 60 * MINUTE), splits: false });
});

const find = (q: string, more: { limit?: number; offset?: number; from?: Date; to?: Date } = {}) =>
  findPatterns(context, {
    query: parseQuery(q),
    from: new Date(NOW_MS - 120 * MINUTE),
    to: new Date(NOW),
    allKeptFrom: new Date(0),
    limit: 25,
    offset: 0,
    ...more,
  });
const idOf = (message: string) => String(fingerprintMessage(Buffer.from(message)));

test("given entries of every level, hot and sealed, then each pattern has its count, share, worst level, course and times", async () => {
  const { entries, total, patterns, step_seconds } = await find("");
  const orders = sent.filter(isOrder);
  expect([entries, total, step_seconds]).toEqual([120, 3, 60]);
  expect(patterns.map(({ template, level, count }) => [template, level, count])).toEqual([
    ["request <num> served in <duration>", "info", 110 - orders.length],
    ["order <num> is late", "error", orders.length],
    ["card <num> declined", "warning", 10],
  ]);
  const [, order, card] = patterns;
  expect(order).toMatchObject({
    pattern: idOf("order 1 is late"),
    message: "order 11 is late",
    share: orders.length / 120,
  });
  expect(card?.counts).toEqual([...Array.from({ length: 110 }, () => 0), ...Array.from({ length: 10 }, () => 1)]);
  expect(card).toMatchObject({
    message: "card 0 declined",
    first_seen: "2026-03-10T11:50:00.000Z",
    last_seen: "2026-03-10T11:59:00.000000Z",
  });
  expect(order?.first_seen).toBe(new Date(Math.min(...orders.map(({ timestamp }) => timestamp))).toISOString());
});

test("given a query and a page, then only what it selects is counted, and the other patterns are on the other pages", async () => {
  expect((await find("order level:error")).patterns).toMatchObject([
    {
      template: "order <num> is late",
      count: sent.filter((entry) => isOrder(entry) && entry.level === "error").length,
      share: 1,
    },
  ]);
  const pages = await Promise.all([0, 1, 2, 3].map((offset) => find("", { limit: 1, offset })));
  expect(
    pages.map(({ total, patterns }) => [total, ...patterns.map(({ template }) => template.split(" ")[0])]),
  ).toEqual([[3, "request"], [3, "order"], [3, "card"], [3]]);
  expect(await find("nothing of it")).toMatchObject({ entries: 0, total: 0, patterns: [] });
});

test("given more patterns and steps than an answer has groups, then a page has the courses of its own, also of entries without a pattern", async () => {
  const word = (index: number) => [...String(index)].map((digit) => "bcdfghjklm"[Number(digit)]).join("");
  const longAgo = NOW_MS - 20 * DAY_MS;
  const many = Array.from({ length: 130 * 100 }, (_, index) => ({
    message: `task a${word(index % 130)} done`,
    timestamp: longAgo + Math.floor(index / 130) * MINUTE,
  }));
  const bare = [3, 50].map((minute) => ({ message: "bare", timestamp: longAgo + minute * MINUTE }));
  await sendEntries(ingestOf(context), [...many, ...bare]);
  await context.db.execute(sql`update logs.logs set pattern = null where message = 'bare'`);
  const range = { from: new Date(longAgo), to: new Date(longAgo + 100 * MINUTE) };
  const { total, patterns } = await find("", { offset: 129, ...range });
  expect(total).toBe(131);
  expect(patterns.map(({ pattern, count }) => [pattern === null, count])).toEqual([
    [false, 100],
    [true, 2],
  ]);
  expect(patterns[0]?.counts).toEqual(Array.from({ length: 100 }, () => 1));
  expect(patterns[1]?.counts).toEqual(
    Array.from({ length: 100 }, (_, minute) => (minute === 3 || minute === 50 ? 1 : 0)),
  );
  expect(patterns[1]?.first_seen).toBe(new Date(longAgo + 3 * MINUTE).toISOString());
});

test("given a year, then there are no more steps than of any other time", async () => {
  const { patterns, step_seconds } = await find("order", { from: new Date(NOW_MS - 365 * DAY_MS) });
  expect(step_seconds).toBe((4 * DAY_MS) / 1_000);
  expect(patterns).toHaveLength(1);
  expect(patterns[0]?.counts.length).toBeLessThanOrEqual(121);
  expect(patterns[0]?.counts.at(-1)).toBe(sent.filter(isOrder).length);
});

test("given a pattern that counts as another one, then both are one", async () => {
  const [alias, canonical] = [BigInt(idOf("card 1 declined")), BigInt(idOf("order 1 is late"))];
  await context.db
    .insert(patternAliases)
    .values({ pattern: alias, canonical, reason: "person", createdAt: new Date(NOW) });
  const { patterns } = await find("");
  expect(patterns.map(({ pattern, count }) => [pattern, count])).toEqual([
    [idOf("request 1 served in 3 ms"), 110 - sent.filter(isOrder).length],
    [String(canonical), sent.filter(isOrder).length + 10],
  ]);
});
