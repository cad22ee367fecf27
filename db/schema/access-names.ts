/** What people may do, each more than the one before: read; alerts, silences and saved views; users, keys and settings. */
export const ROLES = ["viewer", "editor", "admin"] as const;

/** What programs may do with an API key. */
export const KEY_SCOPES = ["ingest", "read", "alerts"] as const;

/** Who did what is in the audit log. */
export const ACTOR_KINDS = ["user", "key", "local", "server", "nobody"] as const;
