import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { EVERYTHING } from "@/core/search/query/query-tree";
import { sealedScopeOf } from "@/core/search/sealed";
import { sealSegments } from "@/core/segments/seal-segments";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { readCommits } from "./commits";
import { readEntries } from "./read-entries";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const OLD = "2026-03-05T12:00:00Z";
const BYTES = 1_000;
/** More than are fetched at once. */
const ENTRIES = 150;

const snapshot = async () => {
  const { rows } = await context.db.execute<{ seen: string }>(sql`select pg_current_snapshot()::text as seen`);
  return rows[0]?.seen ?? "";
};
const send = (what: string, timestamp: string) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: ENTRIES }, (_, index) => ({
      service: "shop",
      message: `${what} ${index} `.padEnd(BYTES, "x"),
      timestamp,
    })),
  );
const firstWords = (message: string) => message.split(" ").slice(0, 2).join(" ");

test("given large entries of which some are sealed, then no more bytes of them are read than wanted, and piece by piece all are, in their order", async () => {
  const before = await snapshot();
  for (const [what, when] of Object.entries({ first: OLD, second: NOW, third: OLD, fourth: NOW }))
    await send(what, when);
  const { commits } = await readCommits(context.db, before, await snapshot());
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 2 * ENTRIES });

  const read = async (after: string, bytes: number) => {
    const asked = { condition: sql`true`, sealed: sealedScopeOf(EVERYTHING, undefined), after };
    const found = await readEntries(context, commits, asked, { entries: 10_000, bytes });
    if (!found) throw new Error("it took too long");
    return found;
  };
  const first = await read("-1", 10 * BYTES);
  expect(first).toMatchObject({ isWhole: false, isMissing: false });
  expect(first.rows.map(({ message }) => firstWords(message))).toEqual(
    Array.from({ length: 10 }, (_, index) => `first ${index}`),
  );

  const all: string[] = [];
  let isWhole = false;
  for (let after = "-1"; !isWhole; ) {
    const piece = await read(after, 20 * BYTES);
    expect(piece.rows.length).toBeLessThanOrEqual(100 + 20);
    all.push(...piece.rows.map(({ message }) => firstWords(message)));
    isWhole = piece.isWhole;
    after = piece.rows.at(-1)?.id ?? after;
  }
  expect(all).toEqual(
    ["first", "second", "third", "fourth"].flatMap((what) =>
      Array.from({ length: ENTRIES }, (_, index) => `${what} ${index}`),
    ),
  );
  expect(await read("-1", 10_000 * BYTES)).toMatchObject({ isWhole: true, rows: { length: 4 * ENTRIES } });
}, 60_000);
