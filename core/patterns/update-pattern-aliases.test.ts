import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { mergePattern, unmergePattern } from "./change-patterns";
import { fingerprintMessage, RULES_VERSION } from "./fingerprint-message";
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

describe("what is a special case no more", () => {
  const [special, middle, general] = [
    "mount of volume data by node 4 failed: disk full",
    "mount of volume 17 by node 4 failed: disk full",
    "the disk of the node is full",
  ];
  const aliases = async () => {
    const { rows } = await context.db.execute<{ pattern: string; canonical: string; reason: string }>(
      sql`select pattern::text, canonical::text, reason from logs.pattern_aliases order by pattern <> ${idOf(special)}::bigint`,
    );
    return rows.map(({ pattern, canonical, reason }) => [pattern, canonical, reason]);
  };

  test("given a pattern that is gone, then what was a special case of it stands by itself, and the next run finds nothing to do", async () => {
    await send(special, middle);
    await updatePatternAliases(context);
    expect(await aliases()).toEqual([[idOf(special), idOf(middle), "special case"]]);
    await context.db.execute(sql`delete from logs.patterns where id = ${idOf(middle)}::bigint`);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 1 });
    expect(await aliases()).toEqual([]);
    expect(await top()).toHaveLength(2);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
  });

  test("given more patterns than are compared, then none is concluded to be no special case, as its cause may be among the others", async () => {
    await send(special, middle);
    await updatePatternAliases(context);
    await context.db.execute(sql`
      update logs.patterns set last_seen = last_seen - interval '1 day' where id = ${idOf(middle)}::bigint`);
    const fill = (count: number) =>
      context.db.execute(sql`
        insert into logs.patterns (id, sample, rules_version, last_seen)
        select n, 'something else', ${RULES_VERSION}::int, ${NOW}::timestamptz from generate_series(1, ${count}::int) as n
        on conflict do nothing`);
    await fill(4_999);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
    expect(await aliases()).toHaveLength(1);
    await context.db.execute(sql`delete from logs.patterns where id in (1, ${idOf(middle)}::bigint)`);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 1 });
  });

  test("given patterns of newer rules than those that are known here, then nothing is concluded", async () => {
    await send(special, middle);
    await updatePatternAliases(context);
    await context.db.execute(sql`
      update logs.patterns set rules_version = ${RULES_VERSION + 1}::int, sample = 'of newer rules' where id = ${idOf(middle)}::bigint`);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
    expect(await aliases()).toHaveLength(1);
  });

  test("given a pattern that a person merged into another, then its special cases, old and new, go with it, and come back with it", async () => {
    await send(special, middle, general);
    await updatePatternAliases(context);
    await mergePattern(context, idOf(middle), idOf(general));
    await updatePatternAliases(context);
    const newer = "mount of volume logs by node 4 failed: disk full";
    await send(newer);
    await updatePatternAliases(context);
    expect(await updatePatternAliases(context)).toEqual({ refingerprinted: 0, aliases: 0 });
    expect(await top()).toEqual([["the disk of the node is full", 4, idOf(general)]]);
    await unmergePattern(context, idOf(middle));
    await updatePatternAliases(context);
    expect(await top()).toEqual([
      ["mount of volume <num> by node <num> failed: disk full", 3, idOf(middle)],
      ["the disk of the node is full", 1, idOf(general)],
    ]);
  });

  test("given a pattern that a person merged another into, when a more general one comes, then it stays what the other counts as", async () => {
    await send(special, general);
    await mergePattern(context, idOf(general), idOf(special));
    await send(middle);
    await updatePatternAliases(context);
    expect(await aliases()).toEqual([[idOf(general), idOf(special), "person"]]);
    expect(await top()).toEqual([
      ["mount of volume data by node <num> failed: disk full", 2, idOf(special)],
      ["mount of volume <num> by node <num> failed: disk full", 1, idOf(middle)],
    ]);
  });

  test("given a special case of older rules, then it follows what the present rules make of it, not what it was a case of", async () => {
    await send("other thing", general);
    await context.db.execute(sql`
      insert into logs.patterns (id, sample, last_seen) values (5, 'other thing', ${NOW}::timestamptz)`);
    await context.db.execute(sql`
      insert into logs.pattern_aliases (pattern, canonical, reason, created_at)
      values (5, ${idOf(general)}::bigint, 'special case', now())`);
    await updatePatternAliases(context);
    expect(await aliases()).toEqual([["5", idOf("other thing"), "rules"]]);
  });
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
