import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { checkSecret } from "@/core/secrets/check-secret";
import { checkStore } from "@/core/segments/check-store";
import type { Segments } from "@/core/segments/segments";
import { getServiceStats } from "@/core/stats/get-service-stats";
import { testDatabase } from "@/core/testing/test-database";
import { createPool, databaseOf } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { migrateUntil } from "@/db/migrate-until";
import { alertConfigs } from "@/db/schema";
import { loadTables } from "./load-tables";
import { findBackup, openPlace } from "./place";
import { restoreBackup } from "./restore-backup";
import { restoreSegments } from "./restore-segments";
import { checksumOfEntries, emptyDatabase, segmentsIn, withRestored } from "./testing/installation";

const context = testDatabase("2026-03-10T12:00:30Z");
const segments = segmentsIn(context, "upgraded");
afterAll(() => segments.duck.close());

/**
 * Made by version 0.1.0, on the tests' secret: 50 lines of checkout on each of 7 and 8 March 2026, which are sealed, and on the 10th 20 of search and 5 of
 * checkout, which cross its threshold. Of each 50 lines 17 are errors, of the 20 seven. Never make it anew: it is what that version wrote.
 */
const FIXTURE = path.resolve("core/backup/testing/of-version-0.1.0");

/** As who uses it finds it: by searching, by counts, in alerts. */
const isAllThere = (url: string, sealed: Segments) =>
  withRestored(context, url, sealed, async (one) => {
    expect((await checksumOfEntries(one)).entries).toBe(125);
    const span = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-11T00:00:00Z") };
    const query = parseQuery('order:49 AND "payment 49"');
    const found = await searchLogs(one, { query, ...span, limit: 10 });
    expect(found).toMatchObject({ complete: true, missing_segments: [] });
    expect(found.entries).toMatchObject([
      { timestamp: "2026-03-08T10:00:49.172000Z", service: "checkout", level: "info", tags: ["eu"] },
      { timestamp: "2026-03-07T10:00:49.172000Z", service: "checkout", level: "info", tags: ["eu"] },
    ]);
    expect(await getServiceStats(one, "checkout", "1w")).toMatchObject({
      total_count: 105,
      count_by_level: { error: 39, info: 66 },
    });
    expect(await getServiceStats(one, "search", "1d")).toMatchObject({
      total_count: 20,
      count_by_level: { error: 7, info: 13 },
    });
    expect(await listIncidents(one, { unresolved: true })).toMatchObject([{ service: "checkout" }]);
    const [config] = await one.db.select().from(alertConfigs);
    expect(context.secrets.open(config?.webhookSecret ?? "", "webhook secret")).toBe("s3cret");
  });

const progress = { segments: () => undefined, tables: () => undefined };
const placeOfFixture = () => openPlace({ folder: FIXTURE }, path.join(context.folder, "scratch"));

test("given data of version 0.1.0, when they are restored by this one, then they are brought up to date, and all of it is there", async () => {
  const database = await emptyDatabase();
  try {
    const place = placeOfFixture();
    await restoreBackup({ clock: context.clock, segments }, place, await findBackup(place, null), {
      connectionString: database.url,
      secrets: context.secrets,
      isSameStore: false,
      progress,
    });
    await isAllThere(database.url, segments);
  } finally {
    await database.drop();
  }
});

test("given the database and the store of version 0.1.0, when this one is started on them, then it brings them up to date, and all of it is there", async () => {
  const database = await emptyDatabase();
  const own = segmentsIn(context, "in place");
  const pool = createPool(database.url, () => undefined, 1);
  try {
    const place = placeOfFixture();
    const manifest = await findBackup(place, null);
    await migrateUntil(database.url, manifest.migrations.at(-1) ?? 0);
    const client = await pool.connect();
    await client.query("begin");
    await loadTables(client, place.store, manifest, progress);
    await client.query("commit");
    client.release();
    await restoreSegments(own, place.store, manifest.segments, { there: new Map(), progress });
    await own.store.writeMark(manifest.storeMark);

    await migrateDatabase(database.url);
    const started = { db: databaseOf(pool), clock: context.clock, segments: own, secrets: context.secrets };
    await checkSecret({ ...started, logger: { warn: () => undefined } });
    await checkStore(started, true);
    await isAllThere(database.url, own);
  } finally {
    own.duck.close();
    await pool.end();
    await database.drop();
  }
});
