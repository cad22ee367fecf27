import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { getRecentEntries, recentEntriesQuery } from "./get-recent-entries";

const NOW = "2026-03-10T12:00:00Z";
const MINUTE = 60_000;
const context = testDatabase(NOW);

/** A busy service all day, and a quiet one that spoke three times. */
beforeAll(async () => {
  const now = Date.parse(NOW);
  const busy = Array.from({ length: 5_000 }, (_, index) => ({
    service: "busy",
    message: `busy ${index}`,
    timestamp: now - index * 15_000,
  }));
  const quiet = [1, 500, 2_000].map((minutes) => ({
    service: "quiet",
    message: `${minutes} minutes ago`,
    timestamp: now - minutes * MINUTE,
  }));
  const ingest = ingestOf(context);
  await sendEntries(ingest, busy);
  await sendEntries(ingest, quiet);
});

test("given entries over several days, then the newest of a service come first, as many as asked for", async () => {
  const messages = async (service: string, limit: number) =>
    (await getRecentEntries(context, service, limit)).map(({ message }) => message);
  expect(await messages("busy", 3)).toEqual(["busy 0", "busy 1", "busy 2"]);
  expect(await messages("quiet", 50)).toEqual(["1 minutes ago", "500 minutes ago", "2000 minutes ago"]);
  expect(await messages("nobody", 50)).toEqual([]);
});

test("given a service with few entries, then only the minutes that hold them are read, by index, and no partition is scanned whole", async () => {
  await context.db.execute(sql`vacuum analyze logs.stats_minute`);
  await context.db.execute(sql`analyze logs.logs`);
  const { rows } = await context.db.execute<{ "QUERY PLAN": string }>(
    sql`explain (analyze, costs off, timing off, summary off) ${recentEntriesQuery("quiet", 50)}`,
  );
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(/stats_minute_service/);
  expect(plan).toMatch(/Bitmap Index Scan on logs_20260310_timestamp_idx/);
  // Of the busy service's days without the quiet one, none is looked into.
  expect(plan).not.toMatch(/logs_202603(0[0-8]|11)/);
  expect(plan).not.toMatch(/Seq Scan on stats_minute/);
});
