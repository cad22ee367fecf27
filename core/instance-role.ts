/** What one instance of several may be for: to take entries, to answer people and programs that read, to run the jobs. */
export const INSTANCE_ROLES = ["ingest", "web", "jobs"] as const;

export type InstanceRole = (typeof INSTANCE_ROLES)[number];

/** Whether an instance has the part of a role: without a role it has all of them. */
export const hasPart = (role: InstanceRole | null, part: InstanceRole): boolean => role === null || role === part;
