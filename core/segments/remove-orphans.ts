import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs } from "@/core/clock";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { checkStore } from "./check-store";
import type { StoreContext } from "./seal-context";

const BATCH = 1_000;

/**
 * Removes files that no catalogue names, and did not name an hour ago (LIMITS.orphanMs): of runs that ended in the middle, of segments
 * that were joined or are over. Who began to read before that, or copies the files of a copy of the database, still finds them. What
 * keepOrphans names stays.
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
  const now = clock.now();
  const oldest = addMs(now, -LIMITS.orphanMs);
  let removed = 0;
  let batch: string[] = [];
  const look = async () => {
    const result = await db.execute(sql`
      insert into logs.segment_orphans as known (path, found_at)
      select path, ${now}::timestamptz from unnest(${sql.param(batch)}::text[]) as path
      where not exists (select from logs.segments where segments.path = path.path)
      on conflict (path) do update set found_at = known.found_at
      returning path, found_at <= ${oldest}::timestamptz as is_due`);
    for (const { path, is_due } of z.array(foundSchema).parse(result.rows)) {
      if (!is_due) continue;
      await store.remove(path);
      removed++;
    }
    batch = [];
  };
  for await (const file of store.list()) {
    // One that is just being written has no name yet.
    if (file.modifiedAt > oldest) continue;
    batch.push(file.path);
    if (batch.length === BATCH) await look();
  }
  await look();
  await db.execute(sql`delete from logs.segment_orphans where found_at <= ${oldest}::timestamptz`);
  return removed;
}

/** Lets files stay that no catalogue names, until somebody removes them by hand. */
export async function keepOrphans(db: Executor, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += BATCH) {
    await db.execute(sql`
      insert into logs.segment_orphans (path, found_at)
      select path, timestamptz 'infinity' from unnest(${sql.param(paths.slice(at, at + BATCH))}::text[]) as path
      on conflict (path) do update set found_at = excluded.found_at`);
  }
}

const foundSchema = z.object({ path: z.string(), is_due: z.boolean() });
