/** Names that the tables of alerting store as text. Apart from the tables, so that a browser can have them without Drizzle. */

export const WEBHOOK_FORMATS = ["generic", "slack", "discord", "teams"] as const;

/** What an incident is of: too many errors, too many warnings, or no entries at all. */
export const INCIDENT_KINDS = ["error", "warning", "absence"] as const;

export const DELIVERY_KINDS = ["opened", "reminder", "resolved"] as const;
export const DELIVERY_CHANNELS = ["email", "webhook"] as const;
export const DELIVERY_STATUSES = ["pending", "sending", "delivered", "failed"] as const;
