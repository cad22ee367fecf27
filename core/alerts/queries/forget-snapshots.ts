import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";

/**
 * For a database whose rows come from another cluster, as after a restore: transactions have other numbers here, so what was taken there would
 * hide what comes here. Alerts on queries read anew what their next windows need, and go on from the last one that was judged.
 */
export async function forgetSnapshots(db: Executor): Promise<void> {
  await db.execute(sql`delete from logs.alert_following`);
  await db.execute(sql`
    update logs.alert_queries set counted_in = null, counted_from = null, valid_from = greatest(valid_from, judged_until)`);
}
