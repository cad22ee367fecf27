/** Channels of PostgreSQL's NOTIFY. Payloads are references, far below its limit of 8,000 bytes. */

/** After each commit of entries; the payload is the transaction. */
export const ENTRIES_CHANNEL = "cordwood_entries";

/** After each change of an incident; the payload is its id (a trigger sends it, db/migrations). */
export const ALERTS_CHANNEL = "cordwood_alerts";

export type Channel = typeof ENTRIES_CHANNEL | typeof ALERTS_CHANNEL;
