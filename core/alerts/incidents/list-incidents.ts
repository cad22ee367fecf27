import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context, Executor } from "@/core/context";
import { countRows } from "@/core/count-rows";
import { LIMITS } from "@/core/limits";
import type { Page, Paged } from "@/core/page";
import { renderTemplate } from "@/core/patterns/render-template";
import { alertIncidents } from "@/db/schema";
import { INCIDENT_KINDS } from "@/db/schema/alert-names";
import { INCIDENT_STATES, type Incident, type IncidentKind, SEVERITIES, watchedSchema } from "../schemas";
import { formerIds } from "./former-ids";
import { lastAt } from "./last-at";

export type IncidentFilter = {
  ids?: readonly number[];
  service?: string;
  services?: readonly string[];
  /** Of an alert on a query. */
  alertId?: number;
  kind?: IncidentKind;
  state?: Incident["state"];
  /** Only open and acknowledged ones. */
  unresolved?: boolean;
  /** Incidents that touch the time from (inclusive) to (exclusive). */
  from?: Date;
  to?: Date;
};

const iso = z.coerce.date().transform((time) => time.toISOString());

const rowSchema = z.object({
  id: z.coerce.number(),
  service: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  pattern: z.string().nullable(),
  message: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  alert_id: z.coerce.number().nullable(),
  watched: watchedSchema.nullable(),
  state: z.enum(INCIDENT_STATES),
  first_at: iso,
  known_last_at: iso,
  opened_at: iso,
  resolved_at: iso.nullable(),
  acknowledged_at: iso.nullable(),
  acknowledge_note: z.string().nullable(),
  notified_at: iso.nullable(),
  peak_count: z.coerce.number().nullable(),
  threshold_value: z.number().nullable(),
  violations: z.coerce.number(),
  former_ids: z.array(z.coerce.number()),
});

/** Open ones first, then the latest. @param page absent: the first LIMITS.listedAlerts */
export async function listIncidents(
  { db }: { db: Executor },
  filter: IncidentFilter,
  { limit = LIMITS.listedAlerts, offset = 0 }: Partial<Page> = {},
): Promise<Incident[]> {
  const result = await db.execute(sql`
    with chosen as (
      select *, ${STATE} as state from logs.alert_incidents where ${matching(filter)}
      order by ${ofUnresolved(filter) ? sql`` : sql`resolved_at is not null, `}opened_at desc, id desc limit ${limit} offset ${offset}
    )
    select chosen.*, ${lastAt(sql`chosen`)} as known_last_at, sample as message, counted.*, ${formerIds(sql`chosen.id`)} as former_ids from chosen left join logs.patterns on patterns.id = chosen.pattern cross join lateral (
      select max(current_count)::float8 as peak_count, max(threshold_value)::float8 as threshold_value, count(*) as violations
      from logs.alert_violations where incident_id = chosen.id and chosen.kind <> 'query'
      having chosen.kind <> 'query'
      union all
      select case when watched ->> 'comparison' like '<%' then min(value) else max(value) end, max(threshold), count(*)
      from logs.alert_windows where incident_id = chosen.id having chosen.kind = 'query') as counted
    order by resolved_at is not null, opened_at desc, chosen.id desc`);
  return z
    .array(rowSchema)
    .parse(result.rows)
    .map(({ known_last_at: last_at, ...row }) => ({
      ...row,
      last_at,
      template: row.message === null ? null : renderTemplate(row.message),
    }));
}

/** How many there are, up to LIMITS.countedRows. */
export const countIncidents = (context: Pick<Context, "db">, filter: IncidentFilter): Promise<number> =>
  countRows(context, alertIncidents, matching(filter));

/** A page of them, with how many there are. */
export async function pageOfIncidents(
  context: Pick<Context, "db">,
  filter: IncidentFilter,
  page: Page,
): Promise<Paged<Incident>> {
  const [total, data] = await Promise.all([countIncidents(context, filter), listIncidents(context, filter, page)]);
  return { total, data };
}

function matching(filter: IncidentFilter): SQL {
  const conditions: SQL[] = [sql`true`];
  if (filter.ids !== undefined) conditions.push(sql`id = any(${sql.param([...filter.ids])}::bigint[])`);
  if (filter.service !== undefined) conditions.push(sql`service = ${filter.service}`);
  if (filter.services !== undefined) conditions.push(sql`service = any(${sql.param([...filter.services])}::text[])`);
  if (filter.alertId !== undefined) conditions.push(sql`alert_id = ${filter.alertId}`);
  if (filter.kind !== undefined) conditions.push(sql`kind = ${filter.kind}`);
  if (filter.state !== undefined) conditions.push(sql`${STATE} = ${filter.state}`);
  if (ofUnresolved(filter)) conditions.push(sql`resolved_at is null`);
  if (filter.from) conditions.push(sql`(resolved_at is null or resolved_at >= ${filter.from}::timestamptz)`);
  if (filter.to) conditions.push(sql`first_at < ${filter.to}::timestamptz`);
  return sql.join(conditions, sql` and `);
}

/** All come before those that are resolved, so that an index has them in their order. */
const ofUnresolved = ({ unresolved, state }: IncidentFilter): boolean =>
  unresolved === true || state === "open" || state === "acknowledged";

const STATE = sql`case when resolved_at is not null then 'resolved' when acknowledged_at is not null then 'acknowledged' else 'open' end`;
