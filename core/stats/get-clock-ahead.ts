import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";

const rowSchema = z.object({ latest: z.coerce.date().nullable() });

/**
 * How far ahead of now the entries of a service reach, ms: its clock is off, or what reads its times takes their zone for another.
 * Null when none is more than a minute ahead, which clocks may differ by. Whole minutes, because the counts say it.
 */
export async function getClockAhead({ db, clock }: Context, service: string): Promise<number | null> {
  const now = clock.now();
  const result = await db.execute(sql`
    select max(bucket) as latest from logs.stats_minute
    where service = ${service} and bucket > ${addMs(now, MINUTE_MS)}::timestamptz`);
  const [{ latest }] = z.tuple([rowSchema]).parse(result.rows);
  return latest === null ? null : Math.ceil((latest.getTime() - now.getTime()) / MINUTE_MS) * MINUTE_MS;
}
