import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { alertQueries } from "@/db/schema";
import { listReceivers } from "../receivers/list-receivers";
import { queryAlertOf } from "./query-alert-of";
import type { QueryAlert } from "./schemas";

const stateRow = z.object({ id: z.coerce.number(), cut: z.coerce.number(), open: z.coerce.number() });

/** All, by name. @param id only this one */
export async function listQueryAlerts({ db }: Pick<Context, "db">, id?: number): Promise<QueryAlert[]> {
  const rows = await db
    .select()
    .from(alertQueries)
    .where(id === undefined ? undefined : eq(alertQueries.id, id))
    .orderBy(asc(alertQueries.name))
    .limit(LIMITS.queryAlerts);
  const states = await db.execute(sql`
    select id, (select coalesce(sum(cut), 0) from logs.alert_minutes where alert_id = alert.id) as cut,
      (select count(*) from logs.alert_incidents where alert_id = alert.id and resolved_at is null) as open
    from logs.alert_queries as alert where id = any(${sql.param(rows.map((row) => row.id))}::bigint[])`);
  const byId = new Map(
    z
      .array(stateRow)
      .parse(states.rows)
      .map((state) => [state.id, state]),
  );
  const receivers = await listReceivers({ db });
  return rows.map((row) => {
    const { cut = 0, open = 0 } = byId.get(row.id) ?? {};
    return queryAlertOf(row, receivers, { cut_entries: cut, open_incidents: open });
  });
}

/** @throws Fault not_found */
export async function getQueryAlert(context: Pick<Context, "db">, id: number): Promise<QueryAlert> {
  const [alert] = await listQueryAlerts(context, id);
  if (!alert) throw notFound(`there is no alert ${id}`);
  return alert;
}
