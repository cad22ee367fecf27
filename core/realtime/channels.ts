/** Channels of PostgreSQL's NOTIFY. Payloads are references, far below its limit of 8,000 bytes. */

/** After each commit of entries; the payload is the transaction. */
export const ENTRIES_CHANNEL = "cordwood_entries";

/** After each change of an incident; the payload is its id (a trigger sends it, db/migrations). */
export const ALERTS_CHANNEL = "cordwood_alerts";

/** After a change of what patterns count as, or of which are muted. */
export const PATTERNS_CHANNEL = "cordwood_patterns";

export const CHANNELS = [ENTRIES_CHANNEL, ALERTS_CHANNEL, PATTERNS_CHANNEL] as const;

export type Channel = (typeof CHANNELS)[number];
