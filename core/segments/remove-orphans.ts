import { sql } from "drizzle-orm";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { checkStore } from "./check-store";
import type { StoreContext } from "./seal-context";

const BATCH = 1_000;

/**
 * Removes files that no catalogue names: of runs that ended in the middle, of segments that were joined or are over.
 * @returns how many
 * @throws StoreError when the store is not this database's
 */
export async function removeOrphans(context: StoreContext): Promise<number> {
  const {
    db,
    segments: { store },
    clock,
  } = context;
  // Of another database's store none is named here.
  await checkStore(context, false);
  const oldest = clock.now().getTime() - LIMITS.orphanMs;
  let removed = 0;
  let batch: string[] = [];
  const removeUnnamed = async () => {
    const result = await db.execute(sql`
      select path from unnest(${sql.param(batch)}::text[]) as path
      where not exists (select from logs.segments where segments.path = path.path)`);
    for (const { path } of z.array(z.object({ path: z.string() })).parse(result.rows)) {
      await store.remove(path);
      removed++;
    }
    batch = [];
  };
  for await (const file of store.list()) {
    if (file.modifiedAt.getTime() > oldest) continue;
    batch.push(file.path);
    if (batch.length === BATCH) await removeUnnamed();
  }
  await removeUnnamed();
  return removed;
}
