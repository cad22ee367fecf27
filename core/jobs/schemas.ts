import { z } from "zod";

const time = z.iso.datetime();

export const jobExecutionSchema = z.object({
  id: z.number(),
  job_type: z.string(),
  /** Null for a function that an event started. */
  scheduled_for: time.nullable(),
  started_at: time,
  completed_at: time.nullable(),
  status: z.enum(["running", "success", "failed"]),
  error_message: z.string().nullable(),
  created_at: time,
  /** Null while it runs. */
  duration_ms: z.number().nullable(),
});

/** A job that fails again and again. */
export const failingJobSchema = z.object({ job_type: z.string(), title: z.string(), error: z.string().nullable() });

/** A job that nobody has run for several of its times; `last_run` is when the latest one began, null: there never was one. */
export const lateJobSchema = z.object({ job_type: z.string(), title: z.string(), last_run: time.nullable() });

export const jobsSchema = z.object({
  generated_at: time,
  by_type: z.array(
    z.object({
      job_type: z.string(),
      title: z.string(),
      /** Null for what an event starts. */
      cron: z.string().nullable(),
      next_run: time.nullable(),
      runs: z.number(),
      failed: z.number(),
      last: jobExecutionSchema.nullable(),
    }),
  ),
  recent: z.array(jobExecutionSchema),
  failed: z.array(jobExecutionSchema),
});

export type JobExecution = z.infer<typeof jobExecutionSchema>;
export type FailingJob = z.infer<typeof failingJobSchema>;
export type LateJob = z.infer<typeof lateJobSchema>;
export type Jobs = z.infer<typeof jobsSchema>;
