import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { codeOf, SQL_STATES } from "@/core/error-code";
import type { SEGMENT_PROBLEMS } from "@/db/schema/segments";

export type SegmentProblem = (typeof SEGMENT_PROBLEMS)[number];

/** Takes down what was found when a segment was read, or could not be. @param problem null: it is what was stored */
export async function noteCheck(
  { db, clock }: Context,
  segment: number,
  problem: SegmentProblem | null,
): Promise<void> {
  try {
    await db.execute(sql`
      insert into logs.segment_checks as known (segment, checked_at, problem)
      select id, ${clock.now()}::timestamptz, ${problem}::text from logs.segments where id = ${segment}::bigint
      on conflict (segment) do update set checked_at = excluded.checked_at, problem = excluded.problem`);
  } catch (error) {
    // It was joined with others, or is over, just now.
    if (codeOf(error) !== SQL_STATES.foreignKeyViolation) throw error;
  }
}
