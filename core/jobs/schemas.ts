import { z } from "zod";

const time = z.iso.datetime();

export const jobExecutionSchema = z.object({
  id: z.number(),
  job_type: z.string(),
  scheduled_for: time,
  started_at: time,
  completed_at: time.nullable(),
  status: z.enum(["running", "success", "failed"]),
  error_message: z.string().nullable(),
  created_at: time,
  /** Null while it runs. */
  duration_ms: z.number().nullable(),
});

export const jobsSchema = z.object({
  generated_at: time,
  by_type: z.array(
    z.object({
      job_type: z.string(),
      title: z.string(),
      cron: z.string(),
      next_run: time,
      runs: z.number(),
      failed: z.number(),
      last: jobExecutionSchema.nullable(),
    }),
  ),
  recent: z.array(jobExecutionSchema),
  failed: z.array(jobExecutionSchema),
});

export type JobExecution = z.infer<typeof jobExecutionSchema>;
export type Jobs = z.infer<typeof jobsSchema>;
