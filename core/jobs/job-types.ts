/** The functions that run beside requests. Their order gives each its lock's number, so add at the end. */
export const JOB_TYPES = [
  "aggregate-hourly",
  "aggregate-daily",
  "retention",
  "check-thresholds",
  "deliver-alert",
  "seal-segments",
  "forget-commits",
  "update-pattern-aliases",
  "verify-segments",
] as const;

export type JobType = (typeof JOB_TYPES)[number];

type Job = {
  title: string;
  /** A cron expression in UTC, or null for what an event starts. */
  cron: string | null;
  /** Runs at the same time in one process. */
  concurrency: number;
  /** So many failed runs in a row are told; a run has failed after all of its retries. */
  failuresToTell: number;
};

export const JOBS: Readonly<Record<JobType, Job>> = {
  "aggregate-hourly": { title: "Roll up complete hours", cron: "2 * * * *", concurrency: 1, failuresToTell: 3 },
  "aggregate-daily": { title: "Roll up complete days", cron: "10 0 * * *", concurrency: 1, failuresToTell: 1 },
  retention: {
    title: "Make coming days' partitions, drop expired ones",
    cron: "20 * * * *",
    concurrency: 1,
    failuresToTell: 3,
  },
  "check-thresholds": {
    title: "Check alert thresholds and incidents",
    cron: "* * * * *",
    concurrency: 1,
    failuresToTell: 3,
  },
  // A receiver that doesn't answer holds its place for LIMITS.deliveryTimeoutMs, a mail server for LIMITS.mailMs.
  "deliver-alert": { title: "Send alerts", cron: null, concurrency: 200, failuresToTell: 3 },
  "seal-segments": {
    title: "Seal what is old, join small segments",
    cron: "* * * * *",
    concurrency: 1,
    failuresToTell: 3,
  },
  "forget-commits": {
    title: "Forget commits that nobody resumes from",
    cron: "*/5 * * * *",
    concurrency: 1,
    failuresToTell: 3,
  },
  "update-pattern-aliases": {
    title: "Find patterns that are one",
    cron: "* * * * *",
    concurrency: 1,
    failuresToTell: 3,
  },
  "verify-segments": {
    title: "Look whether sealed files are what they were",
    cron: "40 3 * * *",
    concurrency: 1,
    failuresToTell: 1,
  },
};

/** The event that starts deliver-alert, and its data. */
export const DELIVERY_EVENT = "cordwood/delivery.requested";
export type DeliveryEventData = { deliveryId: string };
