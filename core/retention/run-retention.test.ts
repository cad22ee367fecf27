import { rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { addMs, HOUR_MS } from "@/core/clock";
import { listSegments } from "@/core/segments/catalogue";
import { sealSegments } from "@/core/segments/seal-segments";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { partitionDays } from "./partitions";
import { RetentionPlan } from "./retention-plan";
import { runRetention } from "./run-retention";

const context = testDatabase("2026-03-03T12:00:00Z");
const span = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-10T00:00:00Z") };
const inStore = (name: string) => path.join(context.folder, "segments", name);

const send = (days: readonly string[]) =>
  sendEntries(
    ingestOf(context),
    days.flatMap((day) =>
      ["debug", "info"].map((level) => ({ service: "shop", level, message: level, timestamp: `${day}T10:00:00Z` })),
    ),
  );

beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments, logs.segment_orphans, logs.stats_minute cascade`);
  context.clock.set("2026-03-03T12:00:00Z");
});

test("given a segment that can't be read and files that no catalogue names, then these go, and the run says what could not", async () => {
  await send(["2026-03-01", "2026-03-02"]);
  await sealSegments(context);
  const [whole, missing] = await listSegments(context.db, span.from, span.to);
  await rm(inStore(missing?.path ?? ""));
  await writeFile(inStore("nobody-s.parquet"), "of a run that ended in the middle");
  await utimes(inStore("nobody-s.parquet"), 0, 0);
  const plan = new RetentionPlan(30, 30, [{ service: null, level: "debug", days: 1 }]);
  const said = `entries of ${missing?.path} could not be removed`;

  await expect(runRetention(context, plan)).rejects.toThrow(said);
  // It may have been named until just now.
  context.clock.set(addMs(context.clock.now(), 2 * HOUR_MS).toISOString());
  await expect(runRetention(context, plan)).rejects.toThrow(said);

  const paths: string[] = [];
  for await (const file of context.segments.store.list()) paths.push(file.path);
  expect(paths).toEqual([whole?.path]);
});

test("given a day that somebody reads for long, then other days go, and the run says that this one could not", async () => {
  context.clock.set("2026-03-05T12:00:00Z");
  await send(["2026-03-01", "2026-03-02", "2026-03-03"]);
  const reader = await context.pool.connect();
  try {
    await reader.query("begin; select from logs.logs_20260302");
    await expect(runRetention(context, new RetentionPlan(1))).rejects.toThrow(
      "entries of 2026-03-02 could not be removed: canceling statement due to lock timeout",
    );
  } finally {
    await reader.query("rollback");
    reader.release();
  }
  const days = async () => (await partitionDays(context.db)).map((day) => day.toISOString().slice(0, 10));
  expect((await days()).slice(0, 2)).toEqual(["2026-03-02", "2026-03-04"]);
  expect(await runRetention(context, new RetentionPlan(1))).toMatchObject({ dropped_days: ["2026-03-02"] });
  expect(await days()).not.toContain("2026-03-02");
});
