import { sql } from "drizzle-orm";
import { afterEach, beforeAll, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { sealSegments } from "@/core/segments/seal-segments";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { parseQuery } from "../query/parse";
import { searchLogs } from "../search-logs";
import { exportLogs } from "./export-logs";
import type { ExportFormat } from "./formats";
import { TakePace } from "./take-pace";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const sought = {
  query: parseQuery("NOT secret"),
  from: new Date("2026-03-01T00:00:00Z"),
  to: new Date("2026-03-11T00:00:00Z"),
};
/** More than DuckDB gives at once. */
const ENTRIES = 5_000;
const FACES = "😀".repeat(40);
const send = (day: string) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: ENTRIES }, (_, index) => ({
      service: "shop",
      message: `line ${index} ${FACES}`,
      timestamp: Date.parse(`${day}T12:00:00Z`) - index,
    })),
  );

beforeAll(async () => {
  await send("2026-03-05");
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: ENTRIES });
});

const begun: AsyncGenerator<string>[] = [];
afterEach(async () => {
  for (const one of begun.splice(0)) await one.return(undefined);
});

/** An export of which somebody has taken the head and a piece. */
async function begin(
  format: ExportFormat,
  options?: Parameters<typeof exportLogs>[3],
): Promise<AsyncGenerator<string>> {
  const pieces = exportLogs(context, sought, format, options);
  begun.push(pieces);
  await pieces.next();
  expect((await pieces.next()).value).toContain("line");
  return pieces;
}

const transactions = async () => {
  const { rows } = await context.db.execute(sql`
    select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`);
  return rows.length;
};

test("given as many exports as may be whose clients take nothing, then sealed entries are found, and sealing goes on", async () => {
  for (let index = 0; index < LIMITS.exports; index++) await begin(index % 2 === 0 ? "ndjson" : "csv");
  const found = await searchLogs(context, { ...sought, limit: 10 });
  expect(found).toMatchObject({ timed_out: false, complete: true });
  expect(found.entries).toHaveLength(10);
  await send("2026-03-06");
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: ENTRIES });
});

test("given a client that takes nothing for too long, then its export gives back what it holds, and never looks complete", async () => {
  const pieces = await begin("ndjson", { idleMs: 20 });
  await expect.poll(transactions).toBe(0);
  for (let index = 0; index < LIMITS.exports; index++) await begin("ndjson");
  await expect(pieces.next()).rejects.toMatchObject({
    kind: "unavailable",
    message: "nobody took a piece of the export for 0.02 seconds",
  });
});

test("given a client that takes too little over some time, then its export gives back what it holds, and fails", async () => {
  const pieces = await begin("ndjson", { pace: new TakePace(Number.POSITIVE_INFINITY, 0), owner: "slow" });
  await expect(pieces.next()).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("were taken"),
  });
  await expect.poll(transactions).toBe(0);
});

test("given one who has as many exports as one may have, then the next is refused until one ends, and others have theirs", async () => {
  const own = [await begin("ndjson", { owner: "ada" }), await begin("csv", { owner: "ada", idleMs: 20 })];
  const next = () => exportLogs(context, sought, "ndjson", { owner: "ada" }).next();
  // The second is given up, as nobody takes anything of it.
  await expect.poll(transactions).toBe(1);
  own.push(await begin("ndjson", { owner: "ada" }));
  await expect(next()).rejects.toMatchObject({
    kind: "too_busy",
    message: expect.stringMatching(/^you have 2 exports/),
  });
  await begin("ndjson", { owner: "bob" });
  await own[0]?.return(undefined);
  expect((await next()).done).toBe(false);
});

test("given one who takes piece by piece, then none is large, and each has whole lines", async () => {
  const lines: string[] = [];
  for await (const piece of exportLogs(context, sought, "ndjson")) {
    expect(piece.length).toBeLessThanOrEqual(LIMITS.exportPiece);
    if (piece !== "") lines.push(...piece.trimEnd().split("\n"));
  }
  expect(lines.map((line) => JSON.parse(line).message)).toContain(`line 0 ${FACES}`);
  expect(lines.length % ENTRIES).toBe(0);
});
