import type { alertQueries, alertReceivers } from "@/db/schema";
import { receiverOf } from "../receivers/list-receivers";
import { quietHoursSchema } from "../shared-schemas";
import { watchOf } from "./load-alerts";
import type { QueryAlert } from "./schemas";

/** A row as it is shown. */
export const queryAlertOf = (
  row: typeof alertQueries.$inferSelect,
  receivers: readonly (typeof alertReceivers.$inferSelect)[],
  { cut_entries, open_incidents }: Pick<QueryAlert, "cut_entries" | "open_incidents">,
): QueryAlert => ({
  id: row.id,
  name: row.name,
  ...watchOf(row),
  severity: row.severity,
  runbook_url: row.runbookUrl,
  quiet_hours: quietHoursSchema.nullable().parse(row.quietHours),
  receivers: receivers.filter(({ alertId }) => alertId === row.id).map(receiverOf),
  notify_resolved: row.notifyResolved,
  remind_every_minutes: row.remindEveryMinutes,
  enabled: row.enabled,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
  problem: row.problem,
  left_out: row.leftOut,
  judged_until: row.judgedUntil.toISOString(),
  cut_entries,
  open_incidents,
});
