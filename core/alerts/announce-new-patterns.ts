import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { lockShared } from "@/core/locks";
import { updatePatternAliases } from "@/core/patterns/update-pattern-aliases";
import type { Outbox } from "./delivery/outbox";
import { trackNewPatterns } from "./incidents/track-new-patterns";

/**
 * Opens an incident for every error pattern that is news. Aliases are brought up to date first, as a message that is a
 * special case of a known pattern is none. Ingest asks for this when it has seen something new, and checkThresholds, so
 * that nothing is forgotten when a process dies in between.
 * @returns whether there was anything to decide
 */
export async function announceNewPatterns(context: Context & { outbox: Outbox }): Promise<boolean> {
  const { db, clock, outbox } = context;
  const waiting = await db.execute(sql`select from logs.pattern_services where unjudged limit 1`);
  if (waiting.rows.length === 0) return false;
  await updatePatternAliases(context);
  const deliveries = await db.transaction(async (transaction) => {
    await lockShared(transaction, ["aggregation", 0]);
    return trackNewPatterns(transaction, clock.now());
  });
  outbox.request(deliveries);
  return true;
}
