import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { addMs, DAY_MS, SECOND_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { createPartitions } from "@/core/retention/partitions";
import { testDatabase } from "@/core/testing/test-database";
import { listSegments } from "./catalogue";
import { sealSegments } from "./seal-segments";

const context = testDatabase("2026-03-10T12:00:00Z");
const TODAY = new Date("2026-03-10T00:00:00Z");
const DAYS = [5, 4, 3, 2, 1].map((ago) => addMs(TODAY, -ago * DAY_MS));

/** A thousand a second. */
const store = (from: Date, entries: number) =>
  context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message)
    select ${from}::timestamptz + number * interval '1 millisecond', 'shop', 'info', 'entry ' || number
    from generate_series(0, ${entries - 1}::int) as number`);

test("given few late lines of many days and too many entries of today, then the oldest of today are sealed, and late lines wait for more", async () => {
  await createPartitions(context.db, [...DAYS, TODAY]);
  for (const day of DAYS) await store(day, 10);
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 50, sealed_segments: DAYS.length });

  for (const day of DAYS) await store(addMs(day, SECOND_MS), 10);
  await store(TODAY, LIMITS.hotEntries);
  const half = LIMITS.hotEntries / 2;
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: half, sealed_segments: 1 });

  const [sealed] = await listSegments(context.db, TODAY, addMs(TODAY, DAY_MS));
  expect(sealed).toMatchObject({ rows: half, lastMicros: (TODAY.getTime() + half - 1) * 1_000 });
  context.clock.set(addMs(context.clock.now(), LIMITS.lateMs + 1).toISOString());
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 50, sealed_segments: DAYS.length });
});
