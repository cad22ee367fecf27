import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createConfig } from "@/core/alerts/configs/create-config";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import { tryLockConnection } from "@/core/locks";
import { checkSecret } from "@/core/secrets/check-secret";
import { SecretBox } from "@/core/secrets/secret-box";
import { checkStore } from "@/core/segments/check-store";
import { removeOrphans } from "@/core/segments/remove-orphans";
import { sealSegments } from "@/core/segments/seal-segments";
import type { Segments } from "@/core/segments/segments";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { databaseOf } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { alertFollowing, alertQueries } from "@/db/schema";
import { BACKUP_STEPS, makeBackup } from "./make-backup";
import { MANIFEST, type Manifest, pathInBackup, pathOfSegment } from "./manifest";
import { findBackup, listBackups, openPlace } from "./place";
import { pruneBackups } from "./prune-backups";
import { RESTORE_STEPS, restoreBackup } from "./restore-backup";
import { checksumOfEntries, emptyDatabase, segmentsIn, sumsOfTables, withRestored } from "./testing/installation";
import { verifyBackup } from "./verify-backup";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const inFolder = (...names: string[]) => path.join(context.folder, ...names);
const placeIn = (name = "place") => openPlace({ folder: inFolder(name) }, inFolder("scratch"));
const progress = { segments: () => undefined, tables: () => undefined };

const backUp = (place = placeIn(), options: Partial<Parameters<typeof makeBackup>[2]> = {}) =>
  makeBackup(context, place, { version: "1.2.3", scratch: inFolder("scratch"), secret: null, progress, ...options });

const send = (service: string, day: string, count = 20) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, (_, index) => ({
      service,
      level: index % 3 === 0 ? "error" : "info",
      message: `${service} of ${day}: "${index}"\t\\N\n\u2028 ü`,
      tags: ["a", 'b"c'],
      attributes: { order: index, text: "\\", deep: { number: 1.1e-7 } },
      timestamp: Date.parse(`${day}T10:00:00.123Z`) + index * 1_001,
    })),
  );

let databases: Awaited<ReturnType<typeof emptyDatabase>>[] = [];
let stores: Segments[] = [];
async function emptyOne(): Promise<string> {
  const database = await emptyDatabase();
  databases.push(database);
  return database.url;
}
function storeOf(name: string): Segments {
  const segments = segmentsIn(context, name);
  stores.push(segments);
  return segments;
}
afterEach(async () => {
  for (const { duck } of stores) duck.close();
  for (const { drop } of databases) await drop();
  [stores, databases] = [[], []];
});

const restore = (
  url: string,
  segments: Segments,
  manifest: Manifest,
  options: Partial<Parameters<typeof restoreBackup>[3]> = {},
) =>
  restoreBackup({ clock: context.clock, segments }, placeIn(), manifest, {
    connectionString: url,
    secrets: context.secrets,
    isSameStore: false,
    progress,
    ...options,
  });

/** All that an installation has, to be compared. */
const asked = { original: () => Promise.all([checksumOfEntries(context), sumsOfTables(context.db)]) };
const restored = (url: string, segments: Segments) =>
  withRestored(context, url, segments, (one) => Promise.all([checksumOfEntries(one), sumsOfTables(one.db)]));

const die = (...given: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", "core/backup/testing/die.ts", ...given]);

beforeAll(async () => {
  await checkStore(context, true);
  await checkSecret({ ...context, logger: { warn: () => undefined } });
  for (const day of ["2026-03-06", "2026-03-07", "2026-03-08"]) await send("shop", day);
  await sealSegments(context);
  await send("shop", "2026-03-10");
  await aggregateLogsHourly(context);
  await aggregateLogsDaily(context);
  const config = {
    service: "shop",
    error_threshold_per_min: 1,
    warning_threshold_per_min: 1,
    webhook_secret: "s3cret",
  };
  await createConfig(context, alertConfigInputSchema.parse(config));
  const crossing = { service: "shop", level: "error", message: "card declined", timestamp: NOW };
  await sendEntries(
    ingestOf(context),
    Array.from({ length: 40 }, () => crossing),
  );
});
beforeEach(() => rmSync(inFolder("place"), { recursive: true, force: true }));

describe("a backup", () => {
  test("given entries, sealed and not, counts, alerts and incidents, when it is restored, then every table and every entry is the same", async () => {
    const manifest = await backUp();
    const [{ entries }, sums] = await asked.original();
    expect(entries).toBe(120);
    expect(sums.alert_incidents).toMatch(/^1 /);
    expect(manifest.segments).toHaveLength(3);

    const url = await emptyOne();
    const segments = storeOf("restored");
    await restore(url, segments, manifest);

    expect(await restored(url, segments)).toEqual(await asked.original());
    // It goes on from there: numbers that were given are not given again, and its store is its own.
    await withRestored(context, url, segments, async (one) => {
      await checkStore(one, false);
      const config = { service: "till", error_threshold_per_min: 1, warning_threshold_per_min: 1 };
      const made = await createConfig({ ...context, ...one }, alertConfigInputSchema.parse(config));
      expect(Number(made.id)).toBeGreaterThan(1);
      await expect(checkStore({ ...one, segments: context.segments }, false)).rejects.toThrow("in another place");
    });
  });

  test("given entries that keep coming and are sealed meanwhile, then counts are those of the entries, at one point of time", async () => {
    let isDone = false;
    const writing = (async () => {
      for (let index = 0; !isDone; index++) {
        await send(`writer-${index % 3}`, "2026-03-09", 30);
        if (index % 5 === 0) await sealSegments(context);
      }
    })();
    const manifest = await backUp();
    isDone = true;
    await writing;

    const url = await emptyOne();
    const segments = storeOf("while writing");
    await restore(url, segments, manifest);
    await withRestored(context, url, segments, async (one) => {
      const { entries } = await checksumOfEntries(one);
      const { rows } = await one.db.execute(sql`
        select (select sum(count)::int from logs.stats_minute) as counted,
          (select coalesce(sum(rows - hidden_rows), 0)::int from logs.segments) + (select count(*)::int from logs.logs) as stored`);
      expect(rows).toEqual([{ counted: entries, stored: entries }]);
    });
  });

  test("given a secret, then its file is for its user alone, whatever the umask", async () => {
    const umask = process.umask(0);
    const { secret } = await backUp(placeIn(), { secret: "of the data folder" });
    process.umask(umask);
    expect(statSync(inFolder("place", secret?.path ?? "")).mode & 0o777).toBe(0o600);
  });

  test("given segments that it has already, then only new ones are copied", async () => {
    await backUp();
    const [first = ""] = (await backUp()).segments.map((segment) => segment.path);
    // One that is there with its length is not written again, so what was done to it stays.
    const file = inFolder("place", pathOfSegment(first));
    const bytes = readFileSync(file).fill(0, 10, 20);
    writeFileSync(file, bytes);
    const manifest = await backUp();
    expect(readFileSync(file)).toEqual(bytes);

    const problems: string[] = [];
    for await (const { file: read, problem } of verifyBackup(placeIn().store, manifest)) {
      if (problem !== null) problems.push(read.path);
    }
    expect(problems).toEqual([pathOfSegment(first)]);
    await expect(restore(await emptyOne(), storeOf("damaged"), manifest)).rejects.toThrow(`${first} in`);
  });

  test.each([
    ["is missing", "missing", () => undefined],
    // Too many levels of symbolic links.
    ["can't be asked for just now", "away", (file: string) => symlinkSync(file, file)],
    ["fails while it is read", "damaged", (file: string) => mkdirSync(file)],
  ] as const)("given a segment that %s, then all else is backed up, and it is named", async (_what, reason, harm) => {
    const { rows } = await context.db.execute<{ path: string; bytes: number }>(
      sql`select path, bytes::int from logs.segments order by id`,
    );
    const [{ path: lost, bytes: size } = { path: "", bytes: 0 }] = rows;
    const file = inFolder("segments", lost);
    const setBytes = (bytes: number) =>
      context.db.execute(sql`update logs.segments set bytes = ${bytes} where path = ${lost}`);
    renameSync(file, `${file}.kept`);
    harm(file);
    // So that only reading it tells.
    if (reason === "damaged") await setBytes(statSync(file).size);
    try {
      const { segments, unreadable } = await backUp();
      expect(unreadable).toEqual([{ path: lost, reason }]);
      expect(segments).toHaveLength(rows.length - 1);
      expect(segments.map((segment) => segment.path)).not.toContain(lost);
    } finally {
      rmSync(file, { recursive: true, force: true });
      renameSync(`${file}.kept`, file);
      await setBytes(size);
    }
  });

  test.each(BACKUP_STEPS)(
    "given one that is killed when it has its %s, then it is none, and the next one is whole",
    async (step) => {
      await expect(die("backup", context.url, context.folder, "segments", step)).rejects.toMatchObject({
        signal: "SIGKILL",
      });
      expect(await listBackups(placeIn())).toEqual([]);
      await expect(findBackup(placeIn(), null)).rejects.toThrow("There are no backups");

      // PostgreSQL has yet to notice that the other one is gone.
      await expect.poll(() => backUp().then(() => "made", String)).toBe("made");
      const manifest = await findBackup(placeIn(), null);
      const url = await emptyOne();
      const segments = storeOf(`after ${step}`);
      await restore(url, segments, manifest);
      expect(await restored(url, segments)).toEqual(await asked.original());
    },
  );

  test("given another one that is just made, then it waits for nobody and says so", async () => {
    const other = await context.pool.connect();
    expect(await tryLockConnection(databaseOf(other), ["backup", 0])).toBe(true);
    await expect(backUp()).rejects.toThrow("Another backup of this database is just being made");
    other.release(true);
    await expect.poll(() => backUp().then(() => "made", String)).toBe("made");
  });

  test("given a place that is a store of segments, or another installation's, then it is refused", async () => {
    await expect(backUp(placeIn("segments"))).rejects.toThrow("where a Cordwood keeps what is sealed");
    mkdirSync(inFolder("other"), { recursive: true });
    writeFileSync(inFolder("other/cordwood-store"), "backups of another\n");
    await expect(backUp(placeIn("other"))).rejects.toThrow("has the backups of another installation");
  });

  test("given a place whose segments would be those of the store, or that is in the store, then it is refused and nothing is written", async () => {
    const live = context.segments.store.localFolder;
    expect(path.basename(live)).toBe("segments");
    // Also one that an earlier version took for its backups.
    for (const mark of [null, `backups of ${await context.segments.store.readMark()}\n`]) {
      if (mark !== null) writeFileSync(inFolder("cordwood-store"), mark);
      const beside = openPlace({ folder: path.dirname(live) }, inFolder("scratch"));
      await expect(backUp(beside)).rejects.toThrow(/^A Cordwood keeps what is sealed in .*segments\/, where .*\.$/);
      if (mark === null) expect(existsSync(inFolder("cordwood-store"))).toBe(false);
    }
    rmSync(inFolder("cordwood-store"));
    const within = openPlace({ folder: path.join(live, "backups") }, inFolder("scratch"));
    await expect(backUp(within)).rejects.toThrow("name a place outside of it");
    expect(existsSync(path.join(live, "backups"))).toBe(false);
    expect(existsSync(inFolder("backups"))).toBe(false);
  });

  test("given more backups than shall be kept, then the oldest go with what none of the others needs", async () => {
    for (let index = 0; index < 3; index++) {
      context.clock.set(`2026-03-10T12:00:0${index}Z`);
      await backUp();
    }
    const all = await listBackups(placeIn());
    writeFileSync(inFolder("place", pathOfSegment("2026/01/01/unknown.parquet")).replace("/2026/01/01", ""), "of old");
    // Files are as young as they really are, whatever the clock of the test says.
    const later = { now: () => new Date(Date.now() + 2 * 24 * 3_600_000) };
    expect(await pruneBackups(placeIn(), 1, later)).toEqual(all.slice(1).map(({ id }) => id));
    context.clock.set(NOW);

    const [kept, ...others] = await listBackups(placeIn());
    expect(others).toEqual([]);
    const files = readdirSync(inFolder("place"), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const expected = [...(kept?.tables ?? []), ...(kept?.segments ?? []), MANIFEST, "the mark"];
    expect(files).toHaveLength(expected.length);
  });
});

describe("a restore", () => {
  test.each(RESTORE_STEPS)(
    "given one that is killed when it has its %s, then it can be begun again, or is done",
    async (step) => {
      const manifest = await backUp();
      const url = await emptyOne();
      const name = `killed ${step}`;
      await expect(die("restore", url, context.folder, name, step)).rejects.toMatchObject({ signal: "SIGKILL" });
      const segments = storeOf(name);
      // Nobody takes what is half there for an installation.
      const isHalf = step === "tables made" || step === "tables filled" || step === "tables committed";
      if (isHalf) await expect(migrateDatabase(url)).rejects.toThrow("A restore into this database was broken off");
      if (step !== "usable") await restore(url, segments, manifest);
      else await expect(restore(url, segments, manifest)).rejects.toThrow("has an installation of Cordwood");
      expect(await restored(url, segments)).toEqual(await asked.original());
    },
  );

  test("given a database or a store that is not empty, then it is refused and nothing has changed", async () => {
    const manifest = await backUp();
    const before = await asked.original();
    await expect(restore(context.url, storeOf("new"), manifest)).rejects.toThrow(
      /^The database has an installation of Cordwood: .*\.$/,
    );
    const url = await emptyOne();
    await expect(restore(url, context.segments, manifest)).rejects.toThrow(
      "is the store of segments that the backup was made of",
    );
    mkdirSync(inFolder("foreign/2026"), { recursive: true });
    writeFileSync(inFolder("foreign/2026/x.parquet"), "x");
    await expect(restore(url, storeOf("foreign"), manifest)).rejects.toThrow("has 1 files of another installation");
    expect(await asked.original()).toEqual(before);
  });

  test("given the store of the installation that is gone, when it is asked for, then it is taken as it is", async () => {
    const manifest = await backUp();
    const url = await emptyOne();
    expect(await restore(url, context.segments, manifest, { isSameStore: true })).toEqual([]);
    expect(await restored(url, context.segments)).toEqual(await asked.original());
  });

  test("given files that were sealed after the backup, when their store is taken, then they are named, and stay while others go that nobody names", async () => {
    const manifest = await backUp();
    await send("shop", "2026-03-03");
    await sealSegments(context);
    const known = new Set(manifest.segments.map((segment) => segment.path));
    const { rows } = await context.db.execute<{ path: string }>(sql`select path from logs.segments order by path`);
    const later = rows.map((segment) => segment.path).filter((file) => !known.has(file));
    const left = later.find((file) => file.startsWith("2026/03/03/")) ?? "";
    expect(left).not.toBe("");

    const url = await emptyOne();
    const others = await restore(url, context.segments, manifest, { isSameStore: true });
    expect(others).toEqual(later);
    const nobodys = left.replace(".parquet", "-more.parquet");
    writeFileSync(inFolder("segments", nobodys), "of a run that ended in the middle");
    try {
      await withRestored(context, url, context.segments, async (one) => {
        for (const hours of [2, 4, 6]) {
          context.clock.set(new Date(Date.now() + hours * 3_600_000).toISOString());
          await removeOrphans(one);
        }
      });
    } finally {
      context.clock.set(NOW);
    }
    expect([left, nobodys].map((file) => existsSync(inFolder("segments", file)))).toEqual([true, false]);
  });

  test("given an alert on a query, which follows lines by transactions of the other cluster, then it begins anew here", async () => {
    const judgedUntil = new Date("2026-03-10T11:59:00Z");
    const [alert] = await context.db
      .insert(alertQueries)
      .values({
        name: "slow payments",
        watch: "value",
        query: "payment | stats count() as n",
        ofLines: "",
        shareBy: [],
        comparison: ">",
        threshold: 5,
        windowMinutes: 5,
        leastCount: 0,
        changeIn: "percent",
        severity: "error",
        resolveAfterMinutes: 5,
        notifyResolved: true,
        enabled: true,
        createdAt: new Date("2026-03-01T00:00:00Z"),
        updatedAt: judgedUntil,
        validFrom: new Date("2026-03-01T00:00:00Z"),
        countedFrom: new Date("2026-03-01T00:00:00Z"),
        countedIn: "999999999:999999999:",
        judgedUntil,
      })
      .returning();
    await context.db
      .insert(alertFollowing)
      .values({ id: 1, seen: "999999999:999999999:", ahead: [], seenAt: judgedUntil });
    try {
      const manifest = await backUp();
      const url = await emptyOne();
      const segments = storeOf("alert on a query");
      await restore(url, segments, manifest);
      await withRestored(context, url, segments, async ({ db }) => {
        expect(await db.select().from(alertFollowing)).toEqual([]);
        const anew = { countedIn: null, countedFrom: null, validFrom: judgedUntil, judgedUntil };
        expect(await db.select().from(alertQueries)).toEqual([{ ...alert, ...anew }]);
      });
    } finally {
      await context.db.delete(alertQueries);
      await context.db.delete(alertFollowing);
    }
  });

  test("given another secret than that of what is sealed, then it is refused before anything is there", async () => {
    const manifest = await backUp();
    const secrets = new SecretBox("another secret, which is as long as that");
    const url = await emptyOne();
    await expect(restore(url, storeOf("secret"), manifest, { secrets })).rejects.toThrow("with another secret");
    await restore(url, storeOf("secret"), manifest);
  });

  test("given a backup of a newer version, then it is refused with a sentence", async () => {
    const manifest = await backUp();
    const newer = { ...manifest, migrations: [...manifest.migrations, Date.parse("2999-01-01")] };
    const url = await emptyOne();
    await expect(restore(url, storeOf("newer"), newer)).rejects.toThrow(
      `The backup ${manifest.id} was made by a newer Cordwood (1.2.3): restore it with that version or a newer one.`,
    );
    const file = inFolder("place", pathInBackup(manifest.id, MANIFEST));
    writeFileSync(file, JSON.stringify({ ...manifest, format: 2 }));
    await expect(findBackup(placeIn(), null)).rejects.toThrow("was made by a newer Cordwood");
    writeFileSync(file, JSON.stringify({ ...manifest, tables: "none" }));
    await expect(findBackup(placeIn(), null)).rejects.toThrow("is damaged");
  });

  test("given a place without backups, then it says so", async () => {
    await expect(findBackup(placeIn("nowhere"), null)).rejects.toThrow("There are no backups of Cordwood in");
    await backUp();
    await expect(findBackup(placeIn(), "20260101T000000Z-0")).rejects.toThrow("There is no backup 20260101T000000Z-0");
  });
});
