import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { lockExclusive } from "@/core/locks";
import type { Database } from "@/db/client";
import { segments as catalogue, settings } from "@/db/schema";
import type { StoreContext } from "./seal-context";
import { BACKUPS_OF, type SegmentStore } from "./store/segment-store";

/** The setting that has the mark of the store of this database. */
export const STORE_SETTING = "segment_store";

/** The store that is set is not the one in which the segments of this database are; a sentence for the user. */
export class StoreError extends Error {}

/**
 * That the store is the one of this database: both hold the same mark. While nothing is sealed another store takes its place, and gets
 * a mark of this database's own, so that the database which had it before, if there is one, does not seal there too.
 * Asked at the start and before sealing, because instances whose stores differ could not read what others sealed.
 * @param mayTake false: another store is an error, also while nothing is sealed
 * @throws StoreError
 */
export async function checkStore(context: StoreContext, mayTake: boolean): Promise<void> {
  const { store } = context.segments;
  const expected = await readSetting(context);
  // Also while it is away: what comes into its place later is not it.
  if (expected !== null) store.expectMark(expected);
  const known = await store.readMark();
  const isOurs = known !== null && known === expected;
  store.foundMark(isOurs ? known : await takeStore(context, mayTake));
}

/**
 * One instance after the other, so that those that start together agree.
 * @returns the mark
 */
function takeStore({ db, clock, segments: { store } }: StoreContext, mayTake: boolean): Promise<string> {
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["store", 0]);
    const [known, expected] = [await store.readMark(), await readSetting({ db: transaction })];
    if (known !== null && known === expected) return known;
    const hasSealed = (await transaction.select({ found: sql`1` }).from(catalogue).limit(1)).length > 0;
    if (expected !== null && (hasSealed || !mayTake)) {
      throw new StoreError(
        `What is sealed of this database is in another place than ${store.name}: set CORDWOOD_SEGMENTS to the place that has it, which all instances share.`,
      );
    }
    if (known?.startsWith(BACKUPS_OF)) {
      throw new StoreError(`${store.name} is where backups are: set CORDWOOD_SEGMENTS to another place.`);
    }
    // This database, whose catalogue names none of them, would remove them. One of before there were marks may have sealed them itself.
    if ((known !== null || !hasSealed) && (await hasSegments(store))) {
      throw new StoreError(
        `${store.name} has the segments of another database: set CORDWOOD_SEGMENTS to an empty folder or place in a bucket, or DATABASE_URL (without it, CORDWOOD_DATA_DIR) to that of the database that sealed them.`,
      );
    }
    const mark = randomUUID();
    const row = { name: STORE_SETTING, value: mark, updatedAt: clock.now() };
    await transaction.insert(settings).values(row).onConflictDoUpdate({ target: settings.name, set: row });
    await store.writeMark(mark);
    return mark;
  });
}

async function readSetting({ db }: { db: Pick<Database, "select"> }): Promise<string | null> {
  const [stored] = await db.select({ value: settings.value }).from(settings).where(eq(settings.name, STORE_SETTING));
  return stored === undefined ? null : z.string().parse(stored.value);
}

async function hasSegments(store: Pick<SegmentStore, "list">): Promise<boolean> {
  for await (const { path } of store.list()) if (path.endsWith(".parquet")) return true;
  return false;
}
