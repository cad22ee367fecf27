import { sql } from "drizzle-orm";
import pg from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { listSegments } from "@/core/segments/catalogue";
import { BlockCache } from "@/core/segments/read/block-cache";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import { sealSpan } from "@/core/segments/seal-span";
import { testDatabase } from "@/core/testing/test-database";
import { decodeCursor } from "./cursor";
import { getFacets } from "./get-facets";
import { parseQuery } from "./query/parse";
import { sealedScopeOf, streamSealed } from "./sealed";
import { searchLogs } from "./search-logs";

const context = testDatabase("2026-03-10T12:00:00Z");
const DAY = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };
const SEGMENTS = 24;
const BLOCKS = 17;
/** As of a block of the most entries. */
const FILTER_BYTES = 32 * 1024 + 1;
/** More than anything takes here: nothing ends by its time, however slow the machine is. */
const LONG_MS = 120_000;

/** Stores and seals so many entries of a time, evenly. */
async function seal(from: Date, to: Date, entries: number, name: string): Promise<void> {
  await context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message)
    select ${from}::timestamptz + number * (${to}::timestamptz - ${from}::timestamptz) / ${entries}::int, 'shop', 'info',
      ${name}::text || ' needle ' || number from generate_series(0, ${entries - 1}::int) as number`);
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select date_bin('1 minute', timestamp, timestamptz 'epoch'), service, level, count(*) from logs.logs group by 1, 2, 3
    on conflict (bucket, service, level) do update set count = logs.stats_minute.count + excluded.count`);
  await sealSpan(context, { from, to, splits: false }, Math.ceil(entries / BLOCKS));
}

const hour = (number: number) => new Date(DAY.from.getTime() + number * 3_600_000);

/** Segments of an hour each, with filters of the greatest size that let all through. */
beforeAll(async () => {
  await context.db.execute(sql`
    create table logs.logs_20260308 partition of logs.logs for values from ('2026-03-08') to ('2026-03-09')`);
  for (let number = 0; number < SEGMENTS; number++)
    await seal(hour(number), hour(number + 1), 2 * BLOCKS, `hour ${number}`);
  await fillFilters("ff");
}, LONG_MS);

const fillFilters = (byte: "ff" | "00") =>
  context.db.execute(sql`
    update logs.segment_blocks set words = decode('00' || repeat(${byte}::text, ${FILTER_BYTES - 1}::int), 'hex')`);

/** As if the process had just begun. */
const forget = () => ({ ...context, segments: { ...context.segments, blocks: new BlockCache() } });

const answerSchema = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

/** What work reads of blocks, by statement: how many, and the bytes of their filters. */
async function readsOf<Result>(work: () => Promise<Result>) {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const result = await work();
    const answers = await Promise.allSettled(query.mock.results.map(({ value }) => value));
    const reads = answers.flatMap((answer) => {
      const found = answer.status === "fulfilled" ? answerSchema.safeParse(answer.value) : null;
      const blocks = found?.data?.rows.filter((row) => "words" in row) ?? [];
      if (blocks.length === 0) return [];
      const bytes = blocks.reduce((sum, { words }) => sum + (Buffer.isBuffer(words) ? words.length : 0), 0);
      return [{ blocks: blocks.length, bytes }];
    });
    return { result, reads };
  } finally {
    query.mockRestore();
  }
}

const total = (reads: readonly { blocks: number; bytes: number }[]) => ({
  blocks: reads.reduce((sum, { blocks }) => sum + blocks, 0),
  bytes: reads.reduce((sum, { bytes }) => sum + bytes, 0),
});

const search = (q: string, limit: number, of = context) =>
  searchLogs(of, { query: parseQuery(q), ...DAY, limit, withinMs: LONG_MS });

describe("given filters of more bytes than are read at once", () => {
  test("when a search finds its page in the newest segments, then those of older ones are not read", async () => {
    const { result, reads } = await readsOf(() => search("needle", 5, forget()));
    expect(result.entries.map(({ message }) => message)).toEqual(
      [33, 32, 31, 30, 29].map((number) => `hour 23 needle ${number}`),
    );
    expect(reads).toHaveLength(1);
    expect(total(reads).blocks).toBeLessThanOrEqual(4 * BLOCKS);
  });

  test("when a search or facets look through all of them, then each is read once, and not more than so many bytes at once", async () => {
    await fillFilters("00");
    const searched = await readsOf(() => search("needle", 5, forget()));
    expect(searched.result).toMatchObject({ entries: [], next_cursor: null, timed_out: false, complete: true });
    const counted = await readsOf(() =>
      getFacets(forget(), { query: parseQuery("needle"), ...DAY, field: "service", withinMs: LONG_MS }),
    );
    expect(counted.result).toMatchObject({ sampled: 0, is_all: true });
    for (const { reads } of [searched, counted]) {
      expect(total(reads)).toEqual({ blocks: SEGMENTS * BLOCKS, bytes: SEGMENTS * BLOCKS * FILTER_BYTES });
      for (const { bytes } of reads) expect(bytes).toBeLessThanOrEqual(LIMITS.blockReadBytes);
    }
    await fillFilters("ff");
  });

  test.each(["", "level:info", "hou", "NOT absent", "needle OR late"])(
    "when a query has no words that a filter knows, as in '%s', then none is read",
    async (q) => {
      const { result, reads } = await readsOf(() => search(q, 1_000, forget()));
      expect(result.entries).toHaveLength(SEGMENTS * 2 * BLOCKS);
      expect(total(reads)).toEqual({ blocks: SEGMENTS * BLOCKS, bytes: 0 });
    },
  );

  test("when blocks are known without them, then a search for words reads them", async () => {
    await fillFilters("00");
    const of = forget();
    await search("", 1_000, of);
    expect((await search("needle", 5, of)).entries).toEqual([]);
    const { reads } = await readsOf(() => search("", 1_000, of));
    expect(reads).toEqual([]);
    await fillFilters("ff");
  });

  test("when they can't be read in time, then the search says so in time", async () => {
    await context.db.transaction(async (transaction) => {
      await transaction.execute(sql`lock table logs.segment_blocks in access exclusive mode`);
      const asked = { query: parseQuery("needle"), ...DAY, limit: 5, withinMs: 300 };
      expect(await searchLogs(forget(), asked)).toMatchObject({ entries: [], timed_out: true });
      const client = new AbortController();
      const gone = new Error("the client is gone");
      const answer = searchLogs(forget(), { ...asked, withinMs: LONG_MS, signal: client.signal });
      client.abort(gone);
      await expect(answer).rejects.toBe(gone);
    });
  });
});

test(
  "given a late segment over all others, then all pages, whatever is asked, have each entry once and in order",
  async () => {
    await seal(DAY.from, DAY.to, 5 * BLOCKS, "late");
    await fillFilters("ff");
    const stored = SEGMENTS * 2 * BLOCKS + 5 * BLOCKS;
    for (const [q, count] of [
      ["", stored],
      ["late", 5 * BLOCKS],
      ["needle -late", stored - 5 * BLOCKS],
    ] as const) {
      const found: { id: string; timestamp: string }[] = [];
      const of = forget();
      for (let cursor: string | null = null, isFirst = true; isFirst || cursor; isFirst = false) {
        const page = await searchLogs(of, {
          query: parseQuery(q),
          ...DAY,
          limit: 197,
          withinMs: LONG_MS,
          ...(cursor === null ? {} : { cursor: decodeCursor(cursor) }),
        });
        found.push(...page.entries);
        cursor = page.next_cursor;
      }
      expect([q, new Set(found.map(({ id }) => id)).size, found.length]).toEqual([q, count, count]);
      const times = found.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().reverse());
      const ascending: string[] = [];
      const sealed = {
        segments: await listSegments(context.db, hour(16), DAY.to),
        scope: sealedScopeOf(parseQuery(q), undefined),
        span: spanOf(hour(16), DAY.to),
        missing: new Missing(),
      };
      for await (const rows of streamSealed(forget(), { ...sealed, order: "oldest first" })) {
        ascending.push(...rows.map(({ micros, id }) => `${micros}-${id}`));
      }
      const since = found.filter(({ timestamp }) => new Date(timestamp) >= hour(16));
      expect(ascending).toEqual(since.map(({ id }) => id).reverse());
    }
  },
  LONG_MS,
);
