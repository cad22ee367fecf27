/** Names that the tables of alerting store as text. Apart from the tables, so that a browser can have them without Drizzle. */

export const WEBHOOK_FORMATS = ["generic", "slack", "discord", "teams"] as const;

/** What an incident is of: too many errors, too many warnings, no entries at all, one pattern of errors too often, or one never seen before. */
export const INCIDENT_KINDS = ["error", "warning", "absence", "pattern", "new_pattern"] as const;

export const DELIVERY_KINDS = ["opened", "reminder", "resolved"] as const;
export const DELIVERY_CHANNELS = ["email", "webhook"] as const;
export const DELIVERY_STATUSES = ["pending", "sending", "delivered", "failed"] as const;
