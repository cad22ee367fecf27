import { sql } from "drizzle-orm";
import { EVERY_SERVICE } from "../every-service";

/**
 * SQL of the configuration that holds for a service: its own, or that for every service unless the service is excepted. Whether it is
 * on is for the caller to ask.
 */
export const configFor = (service: ReturnType<typeof sql>) => sql`(
  select config.* from logs.alert_configs as config
  where config.service = ${service}
    or (config.service = ${EVERY_SERVICE} and ${service} <> all(config.except_services))
  order by config.service = ${EVERY_SERVICE} limit 1)`;

/** SQL of what an incident is of, to be joined by `cross join lateral`: the configuration for its service, or the alert on a query. */
export const ALERT_OF_INCIDENT = sql`(
  select config.id as config_id, null::bigint as alert_id, enabled, notify_resolved, remind_every_minutes, resolve_after_minutes,
    quiet_hours, runbook_url, alert_email, alert_webhook_url, webhook_format, webhook_secret
  from ${configFor(sql`incident.service`)} as config where incident.kind <> 'query'
  union all
  select null, alert.id, enabled, notify_resolved, remind_every_minutes, resolve_after_minutes, quiet_hours, runbook_url, null, null, null, null
  from logs.alert_queries as alert where incident.kind = 'query' and alert.id = incident.alert_id
)`;
