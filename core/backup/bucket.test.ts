import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSecret } from "@/core/secrets/check-secret";
import { checkStore } from "@/core/segments/check-store";
import { sealSegments } from "@/core/segments/seal-segments";
import { createSegments, type Segments } from "@/core/segments/segments";
import { BUCKET, BucketServer } from "@/core/segments/testing/bucket-server";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { makeBackup } from "./make-backup";
import { MANIFEST } from "./manifest";
import { findBackup, listBackups, openPlace } from "./place";
import { pruneBackups } from "./prune-backups";
import { restoreBackup } from "./restore-backup";
import { checksumOfEntries, emptyDatabase, sumsOfTables, withRestored } from "./testing/installation";
import { verifyBackup } from "./verify-backup";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const inFolder = (...names: string[]) => path.join(context.folder, ...names);
const progress = { segments: () => undefined, tables: () => undefined };

let server: BucketServer;
const opened: Segments[] = [];
function storeIn(prefix: string, cache: string): Segments {
  const segments = createSegments({
    bucket: { bucket: BUCKET, prefix, pathStyle: true },
    cache: { folder: inFolder(cache), bytes: 64 * 1024 * 1024 },
    scratch: inFolder("scratch"),
    memoryBytes: 128 * 1024 * 1024,
    clock: context.clock,
  });
  opened.push(segments);
  return segments;
}
const place = () =>
  openPlace({ bucket: { bucket: BUCKET, prefix: "backups/of cordwood", pathStyle: true } }, inFolder("place"));

beforeAll(async () => {
  server = await BucketServer.start();
  Object.assign(process.env, server.environment);
});
afterAll(async () => {
  for (const { duck } of opened) duck.close();
  await server.stop();
});

test("given segments in a bucket and a place in it, then a backup is made, verified, restored from one to the other, and the old one goes", async () => {
  const installation = { ...context, segments: storeIn("segments", "cache") };
  await checkStore(installation, true);
  await checkSecret({ ...context, logger: { warn: () => undefined } });
  const send = (day: string) =>
    sendEntries(
      ingestOf(context),
      Array.from({ length: 10 }, (_, index) => ({
        service: "shop",
        message: `line ${index} of ${day}`,
        timestamp: `${day}T10:00:00Z`,
      })),
    );
  for (const day of ["2026-03-05", "2026-03-06", "2026-03-10"]) await send(day);
  await sealSegments(installation);
  // Its segments would be those of the store.
  const beside = openPlace({ bucket: { bucket: BUCKET, prefix: "", pathStyle: true } }, inFolder("place"));
  const options = { version: "1.2.3", scratch: inFolder("scratch"), secret: null, progress };
  await expect(makeBackup(installation, beside, options)).rejects.toThrow(
    "keeps what is sealed in s3://logs/segments/",
  );
  const backUp = () => makeBackup(installation, place(), options);
  const first = await backUp();
  await send("2026-03-07");
  await sealSegments(installation);
  server.requests = [];
  context.clock.set("2026-03-10T12:00:01Z");
  const manifest = await backUp();
  const isUpload = (request: string) => /^PUT backups\/of cordwood\/segments\/.*parquet$/.test(request);
  expect(server.requests.filter(isUpload)).toHaveLength(1);
  expect((await listBackups(place())).map(({ id }) => id)).toEqual([manifest.id, first.id]);
  for await (const { problem } of verifyBackup(place().store, manifest)) expect(problem).toBeNull();

  const database = await emptyDatabase();
  try {
    const segments = storeIn("restored", "cache of restored");
    const secrets = context.secrets;
    const given = { connectionString: database.url, secrets, isSameStore: false, progress };
    // An answer that breaks off is asked for again, or the restore fails as a whole and is begun again.
    let hasBroken = false;
    server.fault = (method, key) => {
      const breaks = !hasBroken && method === "GET" && key.endsWith("logs.logs.gz");
      hasBroken ||= breaks;
      return breaks ? "cut" : null;
    };
    const restore = () => restoreBackup({ clock: context.clock, segments }, place(), manifest, given);
    await expect(restore()).rejects.toThrow();
    await restore();
    const asked = (one: Parameters<typeof checksumOfEntries>[0]) =>
      Promise.all([checksumOfEntries(one), sumsOfTables(one.db)]);
    const original = await asked({ ...installation, segments: storeIn("segments", "another cache") });
    expect(original[0].entries).toBe(40);
    expect(await withRestored(context, database.url, segments, asked)).toEqual(original);
  } finally {
    await database.drop();
  }

  expect(await pruneBackups(place(), 1, context.clock)).toEqual([first.id]);
  expect((await findBackup(place(), null)).id).toBe(manifest.id);
  expect((await server.object(`backups/of%20cordwood/backups/${first.id}/${MANIFEST}`)).status).toBe(404);
});

test("given a bucket that turns away who asks, then it is said", async () => {
  server.fault = () => "refuse";
  await expect(listBackups(place())).rejects.toThrow("InvalidAccessKeyId");
  server.fault = () => null;
});
