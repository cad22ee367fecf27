import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { ingestOf, removeEntries, sendEntries, storedAndCounted, testDatabase } from "@/core/testing/test-database";
import { ORDINAL_BITS } from "./entry-id";
import { readRows } from "./read-rows";

const NOW = "2026-03-10T12:00:00.000Z";
const context = testDatabase(NOW);

beforeEach(() => removeEntries(context));

const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
const entry = fc.record(
  {
    message: fc.oneof(text, fc.constantFrom('{"a":1}', "\\N", '","', "{}", "NULL", "a\tb\nc", "\\\\'\"")),
    level: fc.constantFrom("debug", "info", "warning", "error", "fatal"),
    service: fc.constantFrom("shop", "pay", "null", "{}", 'a"b'),
    timestamp: fc
      .integer({ min: 0, max: 86_400_000_000 })
      .map(
        (micros) =>
          `${new Date(Date.parse("2026-03-09T12:00:00Z") + Math.floor(micros / 1000)).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, "0")}Z`,
      ),
    tags: fc.array(
      text.filter((tag) => tag.length < 100),
      { maxLength: 3 },
    ),
    attributes: fc.record({ number: fc.constantFrom(1.5, 1e300, -0), text, nested: fc.array(text, { maxLength: 2 }) }),
  },
  { requiredKeys: ["message"] },
);

const rowsSchema = z.array(z.object({ id: z.string(), xmin: z.string() }).catchall(z.unknown()));

/** All that is stored, with ids as places of their transaction. */
async function stored() {
  const { rows } = await context.db.execute(sql`
    select id::text, xmin::text, extract(epoch from timestamp)::text as time, service, level, message, pattern::text, tags,
      attributes::text from logs.logs order by id`);
  const counts = await context.db.execute(sql`
    select bucket, service, level, count from logs.stats_minute order by 1, 2, 3`);
  const patterns = await context.db.execute(sql`
    select bucket, service, level, pattern::text, count, first_seen, last_seen from logs.pattern_minute order by 1, 2, 3, 4`);
  const services = await context.db.execute(
    sql`select name, first_seen, last_seen, masked from logs.services order by 1`,
  );
  return {
    entries: rowsSchema.parse(rows).map(({ id, xmin, ...row }) => ({
      ...row,
      place: Number(BigInt(id) % 2n ** BigInt(ORDINAL_BITS)),
      isOfTransaction: (BigInt(id) >> BigInt(ORDINAL_BITS)) % 2n ** 32n === BigInt(xmin),
    })),
    counts: counts.rows,
    patterns: patterns.rows,
    services: services.rows,
  };
}

test("given any few entries, then in one trip the same is stored and counted as by steps", async () => {
  const ingest = ingestOf(context);
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (entries) => {
      await removeEntries(context);
      await sendEntries(ingest, entries);
      const inOneTrip = await stored();
      await removeEntries(context);
      // Who tails gets entries from memory as they are committed, so they are written by steps.
      context.recent.want("tails", true);
      try {
        await sendEntries(ingest, entries);
      } finally {
        context.recent.want("tails", false);
      }
      expect(inOneTrip).toEqual(await stored());
      expect(inOneTrip.entries.every(({ isOfTransaction }) => isOfTransaction)).toBe(true);
      expect(inOneTrip.entries).toHaveLength(entries.length);
    }),
    { numRuns: 60 },
  );
});

test("given many senders at once, then each entry is stored and counted once, and told to who listens", async () => {
  const ingest = ingestOf(context);
  const one = { service: "shop", level: "error", message: "at once" };
  await context.db.execute(sql`truncate logs.ingest_commits`);
  await Promise.all(Array.from({ length: 200 }, () => sendEntries(ingest, [one, one])));
  expect(await storedAndCounted(context)).toEqual({ entries: 400, counted: 400 });
  const { rows } = await context.db.execute(sql`
    select sum(rows)::int as rows, count(*) = count(distinct transaction) as are_apart from logs.ingest_commits`);
  expect(rows).toEqual([{ rows: 400, are_apart: true }]);
});

test("given that alerts want what was written, then it is in memory after its commit, as it is stored", async () => {
  context.recent.want("alerts", true);
  try {
    await context.db.execute(sql`truncate logs.ingest_commits`);
    await Promise.all(
      ["one", "two", "three"].map((message) =>
        sendEntries(ingestOf(context), [{ message }, { message: `${message} b` }]),
      ),
    );
    const commits = await context.db.execute(sql`select transaction::text from logs.ingest_commits`);
    const transactions = z.array(z.object({ transaction: z.string() })).parse(commits.rows);
    const known = transactions.flatMap(({ transaction }) =>
      (context.recent.getAtOnce(transaction) ?? []).flatMap((block) =>
        [...readRows(block)].map(({ id, message }) => ({ id, message })),
      ),
    );
    const { rows } = await context.db.execute(sql`select id::text, message from logs.logs`);
    const inOrder = (all: unknown[]) => all.map((row) => JSON.stringify(row)).sort();
    expect(rows).toHaveLength(6);
    expect(inOrder(known)).toEqual(inOrder(rows));
  } finally {
    context.recent.want("alerts", false);
  }
});

test("given more entries than go in one trip, then all are stored", async () => {
  const count = LIMITS.smallTransactionRows + 1;
  const entries = Array.from({ length: count }, (_, index) => ({ service: "shop", message: `m ${index}` }));
  expect(await sendEntries(ingestOf(context), entries)).toMatchObject({ accepted: count });
  expect(await storedAndCounted(context)).toEqual({ entries: count, counted: count });
});

test("given thresholds that a few entries cross, then they are stored once and the violation is there", async () => {
  await context.db.execute(sql`
    insert into logs.alert_thresholds (service, valid_from, error_threshold, warning_threshold)
    values ('watched', '2026-03-01', 1, 1)`);
  const one = { service: "watched", level: "error", message: "too many" };
  const ingest = ingestOf(context);
  await sendEntries(ingest, [one]);
  await sendEntries(ingest, [one]);
  expect(await storedAndCounted(context)).toEqual({ entries: 2, counted: 2 });
  const { rows } = await context.db.execute(sql`
    select current_count::int as count from logs.alert_violations where service = 'watched'`);
  expect(rows).toEqual([{ count: 2 }]);
});
