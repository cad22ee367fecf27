/** Names that the tables of alerting store as text. Apart from the tables, so that a browser can have them without Drizzle. */

export const WEBHOOK_FORMATS = [
  "generic",
  "slack",
  "discord",
  "teams",
  "pagerduty",
  "opsgenie",
  "ntfy",
  "telegram",
] as const;

/**
 * What an incident is of: too many errors, too many warnings, no entries at all, one pattern of errors too often, one never seen
 * before, or what a query gives.
 */
export const INCIDENT_KINDS = ["error", "warning", "absence", "pattern", "new_pattern", "query"] as const;

/** How bad an incident is, the least first. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;

/** What an alert compares of what its query gives: the number itself, a share of lines, how it changed, or that nothing comes. */
export const QUERY_WATCHES = ["value", "share", "change", "absence"] as const;
export const ALERT_COMPARISONS = [">", ">=", "<", "<="] as const;
/** How long before a change is against. */
export const CHANGE_AGAINST = ["hour", "day", "week"] as const;
export const CHANGE_IN = ["percent", "difference"] as const;

export const DELIVERY_KINDS = ["opened", "reminder", "resolved"] as const;
export const DELIVERY_CHANNELS = ["email", "webhook"] as const;
export const DELIVERY_STATUSES = ["pending", "sending", "delivered", "failed"] as const;
