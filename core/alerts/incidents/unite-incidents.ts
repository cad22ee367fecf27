import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import type { KnownIncident } from "./group-minutes";

/**
 * Makes one of incidents that turned out to be one, as minutes between them came late: the one that opened first stays, with
 * all minutes, deliveries and notes, and the ids of the others lead to it. It is open when any is. That it is acknowledged holds
 * for all; that it was told of only when it was of the part that is open, so that a silence that ends is not forgotten.
 * @param known one or more of one subject, locked by lockIncidents
 * @returns id of the one that stays
 */
export async function uniteIncidents(transaction: Executor, known: readonly KnownIncident[]): Promise<number> {
  const [kept, ...others] = known.toSorted((one, other) => one.id - other.id);
  if (!kept) throw new Error("no incident to unite");
  if (others.length === 0) return kept.id;
  const ids = sql.param(others.map(({ id }) => id));
  await transaction.execute(
    sql`update logs.alert_deliveries set incident_id = ${kept.id} where incident_id = any(${ids}::bigint[])`,
  );
  await transaction.execute(
    sql`update logs.alert_violations set incident_id = ${kept.id} where incident_id = any(${ids}::bigint[])`,
  );
  await transaction.execute(
    sql`update logs.alert_windows set incident_id = ${kept.id} where incident_id = any(${ids}::bigint[])`,
  );
  await transaction.execute(
    sql`update logs.alert_incident_redirects set incident_id = ${kept.id} where incident_id = any(${ids}::bigint[])`,
  );
  await transaction.execute(sql`
    insert into logs.alert_incident_redirects (id, incident_id) select former, ${kept.id} from unnest(${ids}::bigint[]) as former`);
  await transaction.execute(sql`
    update logs.alert_incidents as kept set
      first_at = part.first_at, last_at = part.last_at, crossed_at = part.crossed_at, opened_at = part.opened_at, notified_at = part.notified_at,
      reminded_at = part.reminded_at, acknowledged_at = part.acknowledged_at, acknowledge_note = part.acknowledge_note,
      resolved_at = case when kept.resolved_at is not null then part.resolved_at end
    from (
      select min(first_at) as first_at, max(last_at) as last_at,
        max(coalesce(crossed_at, last_at)) as crossed_at, min(opened_at) as opened_at, max(resolved_at) as resolved_at,
        case when not bool_or(resolved_at is null and notified_at is null) then min(notified_at) end as notified_at,
        max(greatest(notified_at, reminded_at)) as reminded_at,
        min(acknowledged_at) as acknowledged_at, string_agg(acknowledge_note, E'\n' order by acknowledged_at) as acknowledge_note
      from logs.alert_incidents where id = ${kept.id} or id = any(${ids}::bigint[])
    ) as part where kept.id = ${kept.id}`);
  // Before the kept one is open again: one of a subject is open at a time.
  await transaction.execute(sql`delete from logs.alert_incidents where id = any(${ids}::bigint[])`);
  if (kept.resolved && others.some(({ resolved }) => !resolved)) await reopen(transaction, kept.id);
  return kept.id;
}

/** Nobody is told any more that it is over. */
async function reopen(transaction: Executor, id: number): Promise<void> {
  await transaction.execute(sql`update logs.alert_incidents set resolved_at = null where id = ${id}`);
  await transaction.execute(sql`
    delete from logs.alert_deliveries where incident_id = ${id} and kind = 'resolved' and status = 'pending'`);
}
