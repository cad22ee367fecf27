import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { fingerprintMessage } from "./fingerprint-message";
import { resolve, updatePatternAliases } from "./update-pattern-aliases";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);

beforeEach(async () => {
  await context.db.execute(
    sql`truncate logs.logs, logs.stats_minute, logs.pattern_minute, logs.patterns, logs.pattern_services, logs.pattern_aliases`,
  );
});

const send = (...messages: string[]) =>
  sendEntries(
    ingestOf(context),
    messages.map((message) => ({ service: "shop", level: "error", message, timestamp: NOW })),
  );
const idOf = (message: string) => String(fingerprintMessage(Buffer.from(message)));
const top = async () =>
  (await getTopErrors(context, { range: "1h", limit: 10 })).map(({ template, count, pattern }) => [
    template,
    count,
    pattern,
  ]);

test("given a special case and its pattern, when the job has run, then they are one in the top errors, for entries of before and after", async () => {
  await send(
    "mount of volume data failed: disk full",
    "mount of volume logs failed: disk full",
    "mount of volume 17 failed: disk full",
  );
  expect(await top()).toHaveLength(3);
  expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 2 });
  expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
  await send("mount of volume data failed: disk full");
  expect(await top()).toEqual([
    ["mount of volume <num> failed: disk full", 4, idOf("mount of volume 17 failed: disk full")],
  ]);
  // Asked for by any of them, all lines are found.
  for (const message of ["mount of volume data failed: disk full", "mount of volume 5 failed: disk full"]) {
    const span = { from: new Date("2026-03-10T11:00:00Z"), to: new Date("2026-03-10T13:00:00Z") };
    const query = parseQuery(`pattern:${idOf(message)}`);
    expect((await searchLogs(context, { query, ...span, limit: 10 })).entries).toHaveLength(4);
  }
});

test("given patterns of older rules, then they become aliases of what the present rules make of them, and counts stay whole", async () => {
  await send("user 17 not found", "user 93 not found");
  await context.db.execute(sql`
    insert into logs.patterns (id, sample, last_seen)
    values (5, 'user 5 not found', ${NOW}::timestamptz), (6, 'other thing', ${NOW}::timestamptz)`);
  await context.db.execute(sql`
    insert into logs.pattern_services (pattern, service, level, first_seen, last_seen, unjudged)
    values (5, 'shop', 'error', '2026-03-01', ${NOW}::timestamptz, false)`);
  await context.db.execute(sql`
    insert into logs.pattern_minute values
      (${NOW}::timestamptz, 'shop', 'error', 5, 3, ${NOW}::timestamptz, ${NOW}::timestamptz),
      (${NOW}::timestamptz, 'shop', 'error', 6, 1, ${NOW}::timestamptz, ${NOW}::timestamptz)`);
  expect(await updatePatternAliases(context)).toMatchObject({ refingerprinted: 2 });
  expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
  expect(await top()).toEqual([
    ["user <num> not found", 5, idOf("user 5 not found")],
    ["other thing", 1, idOf("other thing")],
  ]);
  const [first] = await getTopErrors(context, { range: "1h", limit: 1 });
  expect(first?.first_seen_ever).toBe("2026-03-01T00:00:00.000Z");
});

test("given a pattern that a person took out of another, then it stays apart", async () => {
  const [special, general] = ["mount of volume data failed: full", "mount of volume 17 failed: full"];
  await send(special ?? "", general ?? "");
  await context.db.execute(sql`
    insert into logs.pattern_aliases (pattern, canonical, reason, pinned, created_at)
    values (${idOf(special ?? "")}::bigint, ${idOf(special ?? "")}::bigint, 'person', true, now())`);
  expect(await updatePatternAliases(context)).toMatchObject({ aliases: 0 });
  expect(await top()).toHaveLength(2);
});

test("given any aliases of persons and any that are found, then each leads to a root, and no circle is written", () => {
  const id = fc.integer({ min: 1, max: 8 }).map(BigInt);
  const pairs = fc.array(fc.tuple(id, id, fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(pairs, pairs, (knownPairs, foundPairs) => {
      const known = new Map(
        knownPairs.map(([pattern, canonical, pinned]) => [
          pattern,
          { pattern, canonical, pinned, reason: "person" as const, createdAt: new Date(0) },
        ]),
      );
      const found = new Map(
        foundPairs.flatMap(([pattern, canonical]) =>
          known.get(pattern)?.pinned || pattern === canonical ? [] : [[pattern, canonical] as const],
        ),
      );
      const next = new Map([...[...known].map(([pattern, { canonical }]) => [pattern, canonical] as const), ...found]);
      for (const [pattern, canonical] of resolve(found, known)) {
        expect(known.get(pattern)?.pinned).not.toBe(true);
        // The root is none that leads on.
        const beyond = next.get(canonical);
        expect(beyond === undefined || beyond === canonical).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
