import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { reasonOf } from "@/core/errors";
import type { JobType } from "./job-types";

/** Marks an execution as ended. `result` is anything that JSON can hold. */
export async function finishExecution(
  { db, clock }: Context,
  id: string,
  status: "success" | "failed",
  { result, error }: { result?: unknown; error?: string },
): Promise<void> {
  await db.execute(sql`
    update logs.job_executions
    set status = ${status}, completed_at = ${clock.now()}, error_message = ${error ?? null},
      result = ${JSON.stringify(result ?? null)}::json
    where id = ${id}`);
}

/**
 * Runs work that an event started, and records it. Work that failed in a way that it knows says so in `error`.
 * @throws what `work` throws, after recording it as failed
 */
export async function recordRun<Result extends { status: string; error?: string }>(
  context: Context,
  jobType: JobType,
  work: () => Promise<Result>,
): Promise<Result> {
  const now = context.clock.now();
  const started = await context.db.execute<{ id: string }>(sql`
    insert into logs.job_executions (job_type, started_at, status, created_at)
    values (${jobType}, ${now}, 'running', ${now}) returning id`);
  const id = String(started.rows[0]?.id);
  try {
    const result = await work();
    await finishExecution(context, id, result.error === undefined ? "success" : "failed", {
      result,
      error: result.error,
    });
    return result;
  } catch (error) {
    await finishExecution(context, id, "failed", { error: reasonOf(error) });
    throw error;
  }
}
