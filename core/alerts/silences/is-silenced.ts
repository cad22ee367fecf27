import { type SQL, sql } from "drizzle-orm";

/** SQL of whether a silence holds back what is told of `incident` now. */
export const isSilenced = (now: Date): SQL => sql`exists (
  select from logs.alert_silences as silence
  where (silence.service is null or silence.service = incident.service)
    and (silence.kind is null or silence.kind = incident.kind)
    and (silence.alert_id is null or silence.alert_id = incident.alert_id)
    and silence.starts_at <= ${now}::timestamptz and silence.ends_at > ${now}::timestamptz)`;
