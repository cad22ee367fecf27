import { sql } from "drizzle-orm";
import { bigint, index, json, text, uniqueIndex } from "drizzle-orm/pg-core";
import { logsSchema, moment } from "./logs-schema";

const JOB_STATUSES = ["running", "success", "failed"] as const;

/** One row per run of a scheduled function. `scheduled_for` (the tick it ran for) is unique by type, so several instances run a tick once. */
export const jobExecutions = logsSchema.table(
  "job_executions",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    jobType: text().notNull(),
    /** Null for functions that an event starts. */
    scheduledFor: moment(),
    startedAt: moment().notNull(),
    completedAt: moment(),
    status: text({ enum: JOB_STATUSES }).notNull(),
    errorMessage: text(),
    result: json(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex("job_executions_tick").on(table.jobType, table.scheduledFor),
    index("job_executions_started").on(table.startedAt),
    index("job_executions_of_type").on(table.jobType, table.startedAt),
    index("job_executions_running").on(table.jobType).where(sql`status = 'running'`),
    index("job_executions_failed").on(table.startedAt).where(sql`status = 'failed'`),
  ],
);
