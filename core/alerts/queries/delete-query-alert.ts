import { and, eq, isNull } from "drizzle-orm";
import { lockExclusive } from "@/core/locks";
import { alertIncidents, alertQueries } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { queueClosing, receiversOf } from "../delivery/queue-closing";
import { getQueryAlert } from "./get-query-alert";
import type { QueryAlert } from "./schemas";

/**
 * Its incidents stay on record. What is open ends, of which nobody is told but what keeps incidents itself.
 * @throws Fault not_found
 */
export async function deleteQueryAlert({ db, clock, outbox }: AlertContext, id: number): Promise<QueryAlert> {
  const now = clock.now();
  const { alert, deliveries } = await db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["query alerts", 0]);
    const alert = await getQueryAlert({ db: transaction }, id);
    const deliveries = await queueClosing(transaction, await receiversOf(transaction, { alertId: id }), now);
    await transaction
      .update(alertIncidents)
      .set({ resolvedAt: now })
      .where(and(eq(alertIncidents.alertId, id), isNull(alertIncidents.resolvedAt)));
    await transaction.delete(alertQueries).where(eq(alertQueries.id, id));
    return { alert, deliveries };
  });
  outbox.request(deliveries);
  return alert;
}
