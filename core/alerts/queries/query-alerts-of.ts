import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import type { alertQueries } from "@/db/schema";
import { listReceivers } from "../receivers/list-receivers";
import { quietHoursSchema } from "../shared-schemas";
import { watchOf } from "./load-alerts";
import type { QueryAlert } from "./schemas";

type Row = typeof alertQueries.$inferSelect;

const statesSchema = z.array(z.object({ id: z.coerce.number(), cut: z.coerce.number(), open: z.coerce.number() }));

/** Rows as they are shown, with who is told and how they stand: everything but secrets. */
export async function queryAlertsOf({ db }: Pick<Context, "db">, rows: readonly Row[]): Promise<QueryAlert[]> {
  const ids = rows.map(({ id }) => id);
  const result = await db.execute(sql`
    select id, (select coalesce(sum(cut), 0) from logs.alert_minutes where alert_id = alert.id) as cut,
      (select count(*) from logs.alert_incidents where alert_id = alert.id and resolved_at is null) as open
    from logs.alert_queries as alert where id = any(${sql.param(ids)}::bigint[])`);
  const states = new Map(statesSchema.parse(result.rows).map((state) => [state.id, state]));
  const receivers = await listReceivers({ db }, "alertId", ids);
  return rows.map((row) => {
    const { cut = 0, open = 0 } = states.get(row.id) ?? {};
    return {
      id: row.id,
      name: row.name,
      ...watchOf(row),
      severity: row.severity,
      runbook_url: row.runbookUrl,
      quiet_hours: quietHoursSchema.nullable().parse(row.quietHours),
      receivers: receivers.get(row.id) ?? [],
      notify_resolved: row.notifyResolved,
      remind_every_minutes: row.remindEveryMinutes,
      enabled: row.enabled,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
      problem: row.problem,
      left_out: row.leftOut,
      judged_until: row.judgedUntil.toISOString(),
      cut_entries: cut,
      open_incidents: open,
    };
  });
}
