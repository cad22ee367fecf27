import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import { PATTERNS_CHANNEL } from "@/core/realtime/channels";

/** Lets every instance show anew, after the commit, what patterns count as and which are muted. */
export async function tellPatternsChanged(executor: Executor): Promise<void> {
  await executor.execute(sql`select pg_notify(${PATTERNS_CHANNEL}, '')`);
}
