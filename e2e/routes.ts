/** What a route needs, by hand: `account` is one's own; `always` is open even on a locked server. */
export type Need =
  | "always"
  | "nothing"
  | "ingest"
  | "read"
  | "read alerts"
  | "change alerts"
  | "edit"
  | "account"
  | "administer";

/**
 * Every method of every route of the build, with what it needs, and what it answers to one who may. Bodies are mostly wrong
 * on purpose: who is refused must be refused before that is looked at, and nothing of the table may change its later rows.
 */
export const ROUTES: [method: string, path: string, need: Need, allowed: number, body?: string][] = [
  ["GET", "/healthz", "always", 200],
  ["GET", "/readyz", "always", 200],
  ["GET", "/metrics", "read", 200],
  ["GET", "/api/inngest", "always", 403],
  ["POST", "/api/inngest", "always", 403, "{}"],
  ["PUT", "/api/inngest", "always", 403, "{}"],
  ["GET", "/api/logs", "read", 200],
  ["POST", "/api/logs", "ingest", 201, '{"service":"table","message":"m"}'],
  ["POST", "/api/logs/batch", "ingest", 400, "{}"],
  ["GET", "/api/logs/[id]", "read", 404],
  ["GET", "/api/logs/[id]/context", "read", 404],
  ["GET", "/api/logs/histogram", "read", 200],
  ["GET", "/api/logs/stats", "read", 400],
  ["POST", "/api/logs/stats", "read", 400, "{}"],
  ["GET", "/api/logs/facets", "read", 200],
  ["GET", "/api/logs/storage", "read", 200],
  ["GET", "/api/logs/export", "read", 200],
  ["GET", "/api/logs/stream", "read", 200],
  ["GET", "/api/logs/tail", "read", 200],
  ["POST", "/api/logs/events", "read", 400, "{}"],
  ["GET", "/api/logs/jobs", "read", 200],
  ["GET", "/api/logs/services", "read", 200],
  ["GET", "/api/logs/services/names", "read", 200],
  ["GET", "/api/logs/dashboard", "read", 200],
  ["GET", "/api/logs/dashboard/health", "read", 200],
  ["GET", "/api/logs/dashboard/overview", "read", 200],
  ["GET", "/api/logs/dashboard/service", "read", 400],
  ["GET", "/api/logs/dashboard/service-detail", "read", 400],
  ["GET", "/api/logs/dashboard/top-errors", "read", 200],
  ["GET", "/api/logs/dashboard/trend", "read", 200],
  ["GET", "/api/logs/patterns", "read", 200],
  ["GET", "/api/logs/patterns/found", "read", 200],
  ["GET", "/api/logs/patterns/[id]", "read", 404],
  ["POST", "/api/logs/patterns/merge", "edit", 400, "{}"],
  ["POST", "/api/logs/patterns/unmerge", "edit", 400, "{}"],
  ["POST", "/api/logs/patterns/mute", "edit", 400, "{}"],
  ["GET", "/api/logs/views", "read", 200],
  ["POST", "/api/logs/views", "edit", 400, "{}"],
  ["PUT", "/api/logs/views", "edit", 400, "{}"],
  ["DELETE", "/api/logs/views", "edit", 400],
  ["GET", "/api/logs/dashboards", "read", 200],
  ["POST", "/api/logs/dashboards", "edit", 400, "{}"],
  ["GET", "/api/logs/dashboards/panel", "read", 400],
  ["GET", "/api/logs/dashboards/[id]", "read", 404],
  ["PUT", "/api/logs/dashboards/[id]", "edit", 400, "{}"],
  ["DELETE", "/api/logs/dashboards/[id]", "edit", 404],
  ["POST", "/api/logs/dashboards/[id]/copy", "edit", 404],
  ["POST", "/api/logs/dashboards/[id]/panels", "edit", 400, "{}"],
  ["GET", "/api/logs/dashboards/[id]/export", "read", 404],
  ["GET", "/api/logs/alerts/config", "read alerts", 400],
  ["POST", "/api/logs/alerts/config", "change alerts", 400, "{}"],
  ["PUT", "/api/logs/alerts/config", "change alerts", 400, "{}"],
  ["DELETE", "/api/logs/alerts/config", "change alerts", 400],
  ["GET", "/api/logs/alerts/configs", "read alerts", 200],
  ["POST", "/api/logs/alerts/check", "change alerts", 200],
  ["POST", "/api/logs/alerts/test", "change alerts", 400],
  ["GET", "/api/logs/alerts/preview", "read alerts", 400],
  ["GET", "/api/logs/alerts/queries", "read alerts", 200],
  ["GET", "/api/logs/alerts/query", "read alerts", 400],
  ["POST", "/api/logs/alerts/query", "change alerts", 400, "{}"],
  ["PUT", "/api/logs/alerts/query", "change alerts", 400, "{}"],
  ["DELETE", "/api/logs/alerts/query", "change alerts", 400],
  ["POST", "/api/logs/alerts/query/preview", "read alerts", 400, "{}"],
  ["POST", "/api/logs/alerts/query/test", "change alerts", 400],
  ["GET", "/api/logs/alerts/violations", "read alerts", 200],
  ["GET", "/api/logs/alerts/incidents", "read alerts", 200],
  ["GET", "/api/logs/alerts/incident", "read alerts", 400],
  ["POST", "/api/logs/alerts/incident/acknowledge", "change alerts", 400, "{}"],
  ["GET", "/api/logs/alerts/silences", "read alerts", 200],
  ["POST", "/api/logs/alerts/silences", "change alerts", 400, "{}"],
  ["DELETE", "/api/logs/alerts/silences", "change alerts", 400],
  ["POST", "/api/access/set-up", "always", 400, "{}"],
  ["POST", "/api/access/sign-in", "nothing", 400, "{}"],
  ["POST", "/api/access/join", "nothing", 400, "{}"],
  ["POST", "/api/access/password/reset-request", "nothing", 400, "{}"],
  ["POST", "/api/access/password/reset", "nothing", 400, "{}"],
  ["POST", "/api/access/oidc", "nothing", 404, "{}"],
  ["GET", "/api/access/oidc/callback", "nothing", 404],
  ["PUT", "/api/access/password", "account", 400, "{}"],
  ["GET", "/api/access/sessions", "account", 200],
  ["GET", "/api/access/users", "administer", 200],
  ["PUT", "/api/access/users", "administer", 400, "{}"],
  ["DELETE", "/api/access/users", "administer", 400],
  ["DELETE", "/api/access/users/sessions", "administer", 400],
  ["POST", "/api/access/users/reset-link", "administer", 400],
  ["GET", "/api/access/invitations", "administer", 200],
  ["POST", "/api/access/invitations", "administer", 400, "{}"],
  ["DELETE", "/api/access/invitations", "administer", 400],
  ["GET", "/api/access/keys", "administer", 200],
  ["POST", "/api/access/keys", "administer", 400, "{}"],
  ["DELETE", "/api/access/keys", "administer", 400],
  ["GET", "/api/access/audit", "administer", 200],
  ["GET", "/api/access/audit/export", "administer", 200],
  ["GET", "/api/settings/health", "read", 200],
  ["PUT", "/api/settings/health", "administer", 400, '{"least_entries":-1}'],
  ["GET", "/api/settings/masking", "administer", 200],
  ["PUT", "/api/settings/masking", "administer", 400, '{"emails":1}'],
  ["GET", "/api/settings/retention", "administer", 200],
  ["PUT", "/api/settings/retention", "administer", 400, '{"days":0}'],
  ["POST", "/api/settings/retention/preview", "administer", 400, '{"days":0}'],
  // These end the session that asks, so they are last; each is asked with a session of its own.
  ["DELETE", "/api/access/sessions", "account", 200],
  ["POST", "/api/access/sign-out", "account", 200],
];

/** What is answered before Next.js beside those of the build: the addresses of shippers. */
export const SHIPPERS: typeof ROUTES = [
  ["POST", "/loki/api/v1/push", "ingest", 204, '{"streams":[]}'],
  ["GET", "/elasticsearch", "ingest", 200],
  ["GET", "/elasticsearch/*", "ingest", 200],
  ["POST", "/elasticsearch/*", "ingest", 404, "{}"],
  ["PUT", "/elasticsearch/*", "ingest", 200, "{}"],
  ["POST", "/v1/logs", "ingest", 200, "{}"],
  ["POST", "/services/collector", "ingest", 400, ""],
  ["POST", "/services/collector/event", "ingest", 400, ""],
  ["POST", "/services/collector/event/1.0", "ingest", 400, ""],
  ["OPTIONS", "/services/collector", "always", 200],
  ["OPTIONS", "/services/collector/event", "always", 200],
  ["OPTIONS", "/services/collector/event/1.0", "always", 200],
  ["POST", "/services/collector/raw", "ingest", 400, ""],
  ["POST", "/services/collector/raw/1.0", "ingest", 400, ""],
  ["POST", "/services/collector/ack", "ingest", 400, ""],
  ["GET", "/services/collector/health", "always", 200],
  ["POST", "/services/collector/health", "always", 200],
  ["GET", "/services/collector/health/1.0", "always", 200],
  ["POST", "/services/collector/health/1.0", "always", 200],
  ["POST", "/api/v2/logs", "ingest", 202, "{}"],
  ["POST", "/v1/input", "ingest", 200, "{}"],
  ["POST", "/v1/input/*", "ingest", 200, "{}"],
  ["GET", "/api/v1/validate", "ingest", 200],
  ["POST", "/gelf", "ingest", 400, ""],
  ["POST", "/ingest/clef", "ingest", 400, ""],
  ["POST", "/api/events/raw", "ingest", 400, ""],
  ["POST", "/upload", "ingest", 415, "{}"],
  ["POST", "/drains/heroku", "ingest", 200, ""],
  ["POST", "/drains/vercel", "ingest", 200, "[]"],
];

/** Every page of the build. Nobody is led to sign in (307); one who may not is told (403). */
export const PAGES: [path: string, need: Need, allowed: number][] = [
  ["/", "read", 200],
  ["/logs", "read", 200],
  ["/logs/language", "read", 200],
  ["/errors", "read", 200],
  ["/errors/pattern", "read", 404],
  ["/service", "read", 404],
  ["/jobs", "read", 200],
  ["/send", "read", 200],
  ["/alerts", "read alerts", 200],
  ["/alerts/incident", "read alerts", 404],
  ["/alerts/query", "change alerts", 200],
  ["/alerts/silences", "read alerts", 200],
  ["/alerts/config", "change alerts", 200],
  ["/account", "account", 200],
  ["/settings", "administer", 200],
  ["/settings/keys", "administer", 200],
  ["/settings/health", "administer", 200],
  ["/settings/masking", "administer", 200],
  ["/settings/retention", "administer", 200],
  ["/settings/storage", "administer", 200],
  ["/settings/audit", "administer", 200],
  ["/join", "nothing", 200],
  ["/forgotten-password", "nothing", 200],
  ["/new-password", "nothing", 200],
];

/** These lead on who is in already, and there is nothing to set up any more. */
export const LEADING_PAGES = ["/sign-in", "/set-up"];

/** Answered whatever a request brings, as probes are. */
export const PROBES = ["/healthz", "/readyz"];

export const pathOf = (route: string) => route.replace("[id]", "1").replace("*", "an-index");

/** Its answer does not end. */
export const isStream = (route: string) => ["/api/logs/stream", "/api/logs/tail"].includes(route);
