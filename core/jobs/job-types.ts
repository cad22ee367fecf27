/** The scheduled jobs: the times are cron expressions in UTC. Their order gives each its number, so add at the end. */
export const JOB_TYPES = ["aggregate-hourly", "aggregate-daily", "retention"] as const;

export type JobType = (typeof JOB_TYPES)[number];

export const JOBS: Readonly<Record<JobType, { title: string; cron: string }>> = {
  "aggregate-hourly": { title: "Roll up complete hours", cron: "2 * * * *" },
  "aggregate-daily": { title: "Roll up complete days", cron: "10 0 * * *" },
  retention: { title: "Make coming days' partitions, drop expired ones", cron: "20 * * * *" },
};
