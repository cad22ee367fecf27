import { sql } from "drizzle-orm";
import { JOB_TYPES, JOBS } from "./job-types";

/** Jobs that run by a schedule, and not only when somebody asks. */
export const SCHEDULED = JOB_TYPES.filter((jobType) => JOBS[jobType].cron !== null);

/** SQL of a row `wanted` for each of them, with its `job_type`. */
export const SCHEDULED_ROWS = sql`unnest(array[${sql.join(
  SCHEDULED.map((jobType) => sql`${jobType}::text`),
  sql`, `,
)}]) as wanted (job_type)`;
