import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { SEGMENT_PROBLEMS } from "@/db/schema/segments";
import type { SegmentProblem } from "./note-check";

const rowSchema = z.object({ problem: z.enum(SEGMENT_PROBLEMS), count: z.number() });

/** How many segments are known to be unreadable, by what is wrong with their files. */
export async function countProblems({ db }: Pick<Context, "db">): Promise<Record<SegmentProblem, number>> {
  const { rows } = await db.execute(sql`
    select problem, count(*)::int as count from logs.segment_checks where problem is not null group by problem`);
  const counts = { missing: 0, damaged: 0 };
  for (const { problem, count } of z.array(rowSchema).parse(rows)) counts[problem] = count;
  return counts;
}
