import { type SQL, sql } from "drizzle-orm";

/**
 * Since when this server has checked thresholds each minute: before it, it may have taken nothing, so that nothing came tells nothing of who
 * sends. Where five minutes were not checked, it was away until `now`. Null: it never was.
 * @returns SQL of a time, over the columns of logs.alert_progress
 */
export const resumedAt = (now: Date): SQL => sql`
  case when checked_until > to_timestamp(0) and checked_until + interval '5 minutes' < date_trunc('minute', ${now}::timestamptz)
    then ${now}::timestamptz else resumed_at end`;
