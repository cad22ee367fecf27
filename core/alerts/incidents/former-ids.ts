import { type SQL, sql } from "drizzle-orm";

/** @returns SQL of an array of the ids of incidents that turned out to be a part of this one */
export const formerIds = (incident: SQL): SQL =>
  sql`array(select redirect.id from logs.alert_incident_redirects as redirect where redirect.incident_id = ${incident} order by 1)`;
