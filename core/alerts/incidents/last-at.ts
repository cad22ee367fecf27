import { type SQL, sql } from "drizzle-orm";

/**
 * When what an incident is about was last so. A silence is, as long as it is open, at each check of thresholds, and then until the minute
 * before its end; it is not written each time, because ten thousand services may be silent, and each write would be told to everybody who
 * watches.
 * @param incident the name of its table
 * @returns SQL of a time
 */
export const lastAt = (incident: SQL): SQL => sql`
  case when ${incident}.kind = 'absence' then greatest(${incident}.last_at, coalesce(
    ${incident}.resolved_at - interval '1 minute',
    (select checked_until + interval '1 minute' from logs.alert_progress where id = 1)))
  else ${incident}.last_at end`;
