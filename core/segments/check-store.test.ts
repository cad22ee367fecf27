import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { emptyDatabase } from "@/core/backup/testing/installation";
import { addMs } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { createPool, databaseOf } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { settings } from "@/db/schema";
import { checkStore, STORE_SETTING, StoreError } from "./check-store";
import { removeOrphans } from "./remove-orphans";
import { sealSegments } from "./seal-segments";
import { createSegments } from "./segments";

const context = testDatabase("2026-03-10T12:00:00Z");

/** As another instance has it, with a folder of its own. */
const another = () => {
  const folder = mkdtempSync(path.join(context.folder, "another-"));
  const memoryBytes = 64 * 1024 * 1024;
  return { ...context, segments: createSegments({ folder, scratch: path.join(folder, "scratch"), memoryBytes }) };
};

test("given two instances, then they must share what is sealed as soon as there is something", async () => {
  await checkStore(context, true);
  await checkStore(context, true);
  const other = another();
  // Nothing is sealed: the database goes with the store of whoever starts last, and the first must not seal elsewhere.
  await checkStore(other, true);
  await expect(sealSegments(context)).rejects.toThrow("in another place than");

  await sendEntries(ingestOf(context), [{ service: "s", message: "m", timestamp: "2026-03-08T10:00:00Z" }]);
  await sealSegments(other);
  await expect(checkStore(context, true)).rejects.toThrow("set CORDWOOD_SEGMENTS");
  await checkStore(other, true);
});

/** With a database of its own that has sealed nothing. */
async function withFresh(work: (fresh: Pick<typeof context, "db" | "clock">) => Promise<void>): Promise<void> {
  const database = await emptyDatabase();
  try {
    await migrateDatabase(database.url);
    const pool = createPool(database.url, () => undefined);
    try {
      await work({ db: databaseOf(pool), clock: context.clock });
    } finally {
      await pool.end();
    }
  } finally {
    await database.drop();
  }
}

async function filesOf({ store }: typeof context.segments): Promise<string[]> {
  const files: string[] = [];
  for await (const { path: file } of store.list()) files.push(file);
  return files;
}

/** A store that another database uses, with a segment. */
async function usedStore(): Promise<typeof context.segments> {
  const { segments } = another();
  await segments.store.writeMark("of another database");
  const file = path.join(segments.store.localFolder, "2026/03/08/20260308T100000-one.parquet");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "its entries");
  const longAgo = addMs(context.clock.now(), -3 * LIMITS.orphanMs);
  utimesSync(file, longAgo, longAgo);
  return segments;
}

const markOf = ({ db }: Pick<typeof context, "db">) =>
  db.select({ value: settings.value }).from(settings).where(eq(settings.name, STORE_SETTING));

test("given a store with another database's segments, when a fresh database is given it, then it is refused and every file stays", async () => {
  const segments = await usedStore();
  await withFresh(async (fresh) => {
    const mistaken = { ...fresh, segments };
    const refused = expect.objectContaining({ message: expect.stringContaining("set CORDWOOD_SEGMENTS to an empty") });
    for (const mayTake of [true, false]) {
      await expect(checkStore(mistaken, mayTake)).rejects.toThrow(StoreError);
      await expect(checkStore(mistaken, mayTake)).rejects.toEqual(refused);
    }
    await expect(removeOrphans(mistaken)).rejects.toThrow(StoreError);
    expect(await markOf(fresh)).toEqual([]);
  });
  expect(await filesOf(segments)).toHaveLength(1);
  expect(await segments.store.readMark()).toBe("of another database");
});

test("given a database with a store of its own and nothing sealed, when it is given one that is in use, then it is refused and keeps its own", async () => {
  const segments = await usedStore();
  await withFresh(async (fresh) => {
    const own = { ...fresh, segments: another().segments };
    await checkStore(own, true);
    await expect(checkStore({ ...fresh, segments }, true)).rejects.toThrow("the segments of another database");
    await checkStore(own, false);
  });
  expect(await filesOf(segments)).toHaveLength(1);
});

test("given segments in a store whose mark is lost, when a fresh database is given it, then it is refused and no mark is written", async () => {
  const segments = await usedStore();
  rmSync(path.join(segments.store.localFolder, "cordwood-store"));
  await withFresh(async (fresh) => {
    await expect(checkStore({ ...fresh, segments }, true)).rejects.toThrow("the segments of another database");
  });
  expect(await segments.store.readMark()).toBeNull();
});

test("given a store that another database has taken and sealed nothing in, when a fresh one is given it, then only one of them seals there", async () => {
  const { segments } = another();
  await withFresh(async (first) => {
    await checkStore({ ...first, segments }, true);
    await withFresh(async (second) => {
      await checkStore({ ...second, segments }, true);
      expect(await markOf(second)).toEqual([{ value: await segments.store.readMark() }]);
      await expect(checkStore({ ...first, segments }, false)).rejects.toThrow("in another place than");
    });
  });
});

test("given several instances that start together on a new database and a new store, then they agree on its mark", async () => {
  const { segments } = another();
  await withFresh(async (fresh) => {
    await Promise.all(Array.from({ length: 5 }, () => checkStore({ ...fresh, segments }, true)));
    expect(await markOf(fresh)).toEqual([{ value: await segments.store.readMark() }]);
    expect((await segments.store.check()).reachable).toBe(true);
  });
});

test("given a place of backups, when a database is given it as its store, then it is refused", async () => {
  const { segments } = another();
  await segments.store.writeMark("backups of another");
  await withFresh(async (fresh) => {
    await expect(checkStore({ ...fresh, segments }, true)).rejects.toThrow("is where backups are");
  });
  expect(await segments.store.readMark()).toBe("backups of another");
});
