import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { segments as catalogue, settings } from "@/db/schema";
import type { StoreContext } from "./seal-context";
import type { SegmentStore } from "./store/segment-store";

/** The setting that has the mark of the store of this database. */
export const STORE_SETTING = "segment_store";

/** The store that is set is not the one in which the segments of this database are; a sentence for the user. */
export class StoreError extends Error {}

/**
 * That the store is the one of this database: both hold the same mark. While nothing is sealed another store takes its place, unless it
 * has segments already: those are another database's, and this one, whose catalogue names none of them, would remove them.
 * Asked at the start and before sealing, because instances whose stores differ could not read what others sealed.
 * @param mayTake false: another store is an error, also while nothing is sealed
 * @throws StoreError
 */
export async function checkStore({ db, clock, segments: { store } }: StoreContext, mayTake: boolean): Promise<void> {
  const known = await store.readMark();
  const mark = known ?? randomUUID();
  const readSetting = () => db.select({ value: settings.value }).from(settings).where(eq(settings.name, STORE_SETTING));
  const [before] = await readSetting();
  const sealed = await db.select({ found: sql`1` }).from(catalogue).limit(1);
  const isFirst = before === undefined && (known !== null || sealed.length === 0);
  const isInstead = before !== undefined && before.value !== mark && sealed.length === 0;
  if ((isFirst || isInstead) && (await hasSegments(store))) {
    throw new StoreError(
      `${store.name} has the segments of another database: set CORDWOOD_SEGMENTS to an empty folder or place in a bucket, or DATABASE_URL (without it, CORDWOOD_DATA_DIR) to that of the database that sealed them.`,
    );
  }
  const row = { name: STORE_SETTING, value: mark, updatedAt: clock.now() };
  await db.insert(settings).values(row).onConflictDoNothing();
  const [stored] = await readSetting();
  if (z.string().parse(stored?.value) !== mark) {
    if (sealed.length > 0 || !mayTake) {
      throw new StoreError(
        `What is sealed of this database is in another place than ${store.name}: set CORDWOOD_SEGMENTS to the place that has it, which all instances share.`,
      );
    }
    await db.update(settings).set(row).where(eq(settings.name, STORE_SETTING));
  }
  if (known === null) await store.writeMark(mark);
  store.expectMark(mark);
}

async function hasSegments(store: Pick<SegmentStore, "list">): Promise<boolean> {
  for await (const { path } of store.list()) if (path.endsWith(".parquet")) return true;
  return false;
}
