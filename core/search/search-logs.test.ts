import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isoOfMicros } from "@/core/micros";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { decodeCursor } from "./cursor";
import { countCandidates, latestCandidate } from "./find-minutes";
import { getContext } from "./get-context";
import { getEntry } from "./get-entry";
import { getHistogram } from "./get-histogram";
import { parseQuery } from "./query/parse";
import { type Search, searchLogs } from "./search-logs";

const NOW = "2026-03-10T12:00:00Z";
const NOW_MS = Date.parse(NOW);
const MINUTE = 60_000;
const context = testDatabase(NOW);
const wide = { from: new Date(NOW_MS - 20 * 86_400_000), to: new Date(NOW_MS + 86_400_000) };

type Sent = { service: string; level: string; message: string; timestamp: number };

/** A busy service for a day, several entries at the same time; a quiet one that spoke three times in two weeks. */
const busy: Sent[] = Array.from({ length: 6_000 }, (_, index) => ({
  service: "busy",
  level: index % 100 === 0 ? "error" : "info",
  message: `request ${index} ${index % 7 === 0 ? "slow" : "fine"}`,
  timestamp: NOW_MS - Math.floor(index / 3) * 45_000,
}));
const quiet: Sent[] = [1, 5_000, 18_000].map((minutes) => ({
  service: "quiet",
  level: "warning",
  message: `quiet ${minutes}`,
  timestamp: NOW_MS - minutes * MINUTE,
}));

beforeAll(async () => {
  const ingest = ingestOf(context);
  await sendEntries(ingest, busy);
  await sendEntries(ingest, quiet);
});
beforeEach(() => context.clock.set(NOW));

const search = (q: string, changed: Partial<Search> = {}) =>
  searchLogs(context, { query: parseQuery(q), limit: 100, ...wide, ...changed });

async function all(q: string, changed: Partial<Search> = {}): Promise<string[]> {
  const messages: string[] = [];
  let cursor: Search["cursor"];
  do {
    const page = await search(q, { ...changed, cursor });
    messages.push(...page.entries.map(({ message }) => message));
    cursor = page.next_cursor === null ? undefined : decodeCursor(page.next_cursor);
  } while (cursor);
  return messages;
}

test("given any query, when all its pages are read, then they are what a plain filter keeps, newest first, each once", async () => {
  const sent = [...busy, ...quiet];
  for (const [q, keep] of [
    ["", () => true],
    ["slow", ({ message }: Sent) => message.includes("slow")],
    ["level>=warning", ({ level }: Sent) => level !== "info"],
    ["service:quiet OR level:error", ({ service, level }: Sent) => service === "quiet" || level === "error"],
    ["NOT service:busy", ({ service }: Sent) => service !== "busy"],
    ["service:nobody", () => false],
    ['"request 5999 "', ({ message }: Sent) => message.startsWith("request 5999 ")],
  ] as const) {
    const found = await all(q, { limit: 700 });
    const expected = sent.filter(keep);
    expect([q, found.toSorted()]).toEqual([q, expected.map(({ message }) => message).toSorted()]);
    const times = new Map(sent.map(({ message, timestamp }) => [message, timestamp]));
    const order = found.map((message) => times.get(message) ?? 0);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
  }
});

test("given an exact service, then another one of the same letters in other case does not count", async () => {
  await sendEntries(ingestOf(context), [{ service: "QUIET", message: "loud", timestamp: NOW_MS }]);
  expect(await all("", { service: "quiet" })).toEqual(["quiet 1", "quiet 5000", "quiet 18000"]);
  expect(await all("service:quiet")).toEqual(["loud", "quiet 1", "quiet 5000", "quiet 18000"]);
  await context.db.execute(sql`delete from logs.logs where service = 'QUIET'`);
  await context.db.execute(sql`delete from logs.stats_minute where service = 'QUIET'`);
});

test("given an entry, then it is found by its id, with its neighbours of the same service", async () => {
  const { entries } = await search("service:busy", { limit: 10 });
  const id = entries[5]?.id ?? "";
  expect(await getEntry(context, id)).toEqual(entries[5]);
  const around = await getContext(context, id, 3);
  expect(around.entry).toEqual(entries[5]);
  expect(around.before).toEqual(entries.slice(6, 9));
  expect(around.after).toEqual(entries.slice(2, 5).toReversed());
  const [oldest] = (await search("service:quiet", { limit: 3 })).entries.toReversed();
  const far = await getContext(context, oldest?.id ?? "", 5);
  expect(far.before).toEqual([]);
  expect(far.after.map(({ message }) => message)).toEqual(["quiet 5000", "quiet 1"]);
  for (const wrong of ["x", "1-1", "-1", "99999999999999999999-1", "1773144000000000-99999999999999999999"]) {
    await expect(getEntry(context, wrong)).rejects.toMatchObject({ kind: "not_found" });
  }
});

describe("what a search costs", () => {
  test("given a query that does not test the service, then the names of all services are not read", async () => {
    const [found] = (await search("slow", { limit: 1 })).entries;
    await context.db.transaction(async (transaction) => {
      // Whoever reads them waits for the end of this.
      await transaction.execute(sql`lock table logs.services in access exclusive mode`);
      const sought = { query: parseQuery("slow level:info"), from: wide.from, to: wide.to };
      const { entries, timed_out } = await search("slow", { limit: 1 });
      expect([entries, timed_out]).toEqual([[found], false]);
      expect((await search("slow service:b*", { limit: 1, service: "busy" })).entries).toEqual(entries);
      expect((await search("slow NOT service:b*", { limit: 1, service: "busy" })).entries).toEqual([]);
      expect((await getHistogram(context, { ...sought, allKeptFrom: new Date(0) })).total_count).toBeGreaterThan(0);
      expect((await getContext(context, entries[0]?.id ?? "", 1)).before).toHaveLength(1);
    });
  });

  test("given a service with few entries, then the counts lead to its minutes by their index", async () => {
    await context.db.execute(sql`vacuum analyze logs.stats_minute`);
    const plans: string[] = [];
    const explaining = {
      async execute(query: ReturnType<typeof sql>) {
        const { rows } = await context.db.execute<{ "QUERY PLAN": string }>(
          sql`explain (analyze, costs off, timing off) ${query}`,
        );
        plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
        return { rows: [] };
      },
    };
    const required = { services: ["quiet"], levels: null };
    await latestCandidate(explaining as never, required, wide.from, wide.to);
    await countCandidates(explaining as never, required, wide.from, wide.to);
    for (const plan of plans) {
      expect(plan).toMatch(/stats_minute_service/);
      expect(plan).not.toMatch(/Seq Scan on stats_minute/);
    }
  });

  test("given a time that is up at once, then there is no error: what is there comes, with where to go on", async () => {
    let calls = 0;
    // The first look at the clock sets the deadline; after the third the time is up.
    const clock = { now: () => new Date(NOW_MS + (++calls > 3 ? 60_000 : 0)) };
    const first = await searchLogs({ ...context, clock }, { query: parseQuery("nowhere"), limit: 10, ...wide });
    expect(first).toMatchObject({ entries: [], timed_out: true, next_cursor: expect.any(String) });
    expect(Date.parse(first.searched_until)).toBeLessThan(wide.to.getTime());
    const rest = await search("nowhere", { cursor: decodeCursor(first.next_cursor ?? "") });
    expect(rest).toMatchObject({
      entries: [],
      timed_out: false,
      next_cursor: null,
      searched_until: isoOfMicros(wide.from.getTime() * 1_000),
    });
  });

  test("given a client that goes away, then the statement in the database ends", async () => {
    const gone = new AbortController();
    // Sleeps for each row, so that it would take minutes.
    await context.db.execute(sql`
      create or replace function logs.attribute_texts(document json, path text[]) returns setof text
      language sql volatile as $$ select 'x' from pg_sleep(1) $$`);
    await sendEntries(
      ingestOf(context),
      Array.from({ length: 300 }, () => ({ service: "slow", message: "m", attributes: { a: [1] }, timestamp: NOW_MS })),
    );
    const searching = search("a:1 service:slow", { signal: gone.signal });
    const running = async () => {
      const { rows } = await context.db.execute<{ count: number }>(sql`
        select count(*)::int as count from pg_stat_activity where state = 'active' and query like '%has_attribute%' and pid <> pg_backend_pid() and datname = current_database()`);
      return rows[0]?.count;
    };
    await expect.poll(running).toBe(1);
    gone.abort(new Error("gone"));
    await expect(searching).rejects.toThrow("gone");
    await expect.poll(running).toBe(0);
  });
});

test("given counts and entries, then the histogram says the same from either, as a plain count does", async () => {
  const range = { from: new Date(NOW_MS - 120 * MINUTE), to: new Date(NOW_MS) };
  const within = busy.filter(({ timestamp }) => timestamp >= range.from.getTime() && timestamp < NOW_MS);
  const errors = within.filter(({ level }) => level === "error").length;
  // By the counts, by counting entries, and by counting those of a word that all have.
  for (const q of ["service:busy", "service:busy AND (level:info OR level:error)", "service:busy request"]) {
    const histogram = await getHistogram(context, { query: parseQuery(q), ...range, allKeptFrom: new Date(0) });
    expect([q, histogram.total_count]).toEqual([q, within.length]);
    expect(histogram.buckets.reduce((sum, { count_by_level }) => sum + count_by_level.error, 0)).toBe(errors);
    expect(histogram.buckets.length).toBeLessThanOrEqual(121);
    expect(histogram.counted_from).toBe(range.from.toISOString());
  }
});

test("given that others look through entries for as long as a search may take, then it says so, and goes on at its cursor", async () => {
  const turns = { ...context.turns, quick: new Turns(1) };
  const release = await turns.quick.take();
  const waiting = await searchLogs(
    { ...context, turns },
    { query: parseQuery("slow"), limit: 100, ...wide, withinMs: 50 },
  );
  expect(waiting).toMatchObject({ entries: [], timed_out: true });
  expect(waiting.waited_ms).toBeGreaterThanOrEqual(40);
  release();
  const cursor = decodeCursor(waiting.next_cursor ?? "");
  const found = await search("slow", { cursor });
  expect(found.entries).toEqual((await search("slow")).entries);
  expect(found.timed_out).toBe(false);
});

test("given as many searches that wait as may, then the next is told to come again", async () => {
  const most = 3;
  const turns = { ...context.turns, quick: new Turns(1, { most, what: "searches" }) };
  const release = await turns.quick.take();
  const ask = () => searchLogs({ ...context, turns }, { query: parseQuery("slow"), limit: 10, ...wide });
  const waiting = Array.from({ length: most }, ask);
  await expect.poll(() => turns.quick.waiting).toBe(most);
  await expect(ask()).rejects.toMatchObject({ kind: "too_busy", message: expect.stringContaining("3 searches wait") });
  release();
  for (const page of await Promise.all(waiting)) expect(page.entries).toHaveLength(10);
});

test("given searches that go on for long, then one that finds what it wants in the last minutes does not wait for them", async () => {
  const turns = { ...context.turns, long: new Turns(1) };
  const release = await turns.long.take();
  const ask = (q: string, withinMs: number) =>
    searchLogs({ ...context, turns }, { query: parseQuery(q), limit: 3, ...wide, withinMs });
  expect(await ask("level>=info", 60_000)).toMatchObject({ entries: [{}, {}, {}], timed_out: false });
  expect(await ask("nothing", 200)).toMatchObject({ entries: [], timed_out: true });
  release();
});
