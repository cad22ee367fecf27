import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { checkStore } from "@/core/segments/check-store";
import { sealSegments } from "@/core/segments/seal-segments";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { makeBackup } from "./make-backup";
import { openPlace } from "./place";
import { restoreBackup } from "./restore-backup";
import { checksumOfEntries, emptyDatabase, segmentsIn, withRestored } from "./testing/installation";

const context = testDatabase("2026-03-10T12:00:00Z");
const scratch = path.join(context.folder, "scratch");

const send = (day: string, count: number) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, (_, index) => ({
      service: "shop",
      message: `order ${index}`,
      timestamp: Date.parse(`${day}T10:00:00Z`) + index,
    })),
  );

// Run on Citus too, where no snapshot is that of all nodes.
test("given entries that come and are sealed after a backup has chosen its point of time, then it has those of before, as they were counted", async () => {
  await checkStore(context, true);
  await send("2026-03-08", 60);
  const place = openPlace({ folder: path.join(context.folder, "place") }, scratch);
  const { store } = place;
  const put = store.put.bind(store);
  let others: Promise<unknown> | null = null;
  // All that the others do is done when the next table is read, unless they have to wait for the entries.
  store.put = async (file, localFile) => {
    if (!file.path.endsWith("/logs.logs.gz")) await others;
    return put(file, localFile);
  };
  const manifest = await makeBackup(context, place, {
    version: "1.2.3",
    scratch,
    secret: null,
    progress: {
      segments: () => undefined,
      tables: () => {
        others ??= Promise.all([send("2026-03-09", 30), sealSegments(context)]);
      },
    },
  });

  const database = await emptyDatabase();
  const segments = segmentsIn(context, "restored");
  try {
    await restoreBackup({ clock: context.clock, segments }, place, manifest, {
      connectionString: database.url,
      secrets: context.secrets,
      isSameStore: false,
      progress: { segments: () => undefined, tables: () => undefined },
    });
    await withRestored(context, database.url, segments, async (one) => {
      expect((await checksumOfEntries(one)).entries).toBe(60);
      const { rows } = await one.db.execute(sql`select sum(count)::int as counted from logs.stats_minute`);
      expect(rows).toEqual([{ counted: 60 }]);
    });
  } finally {
    segments.duck.close();
    await database.drop();
  }
});
