import { and, eq, isNull } from "drizzle-orm";
import { lockExclusive } from "@/core/locks";
import { alertIncidents, alertQueries } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { getQueryAlert } from "./get-query-alert";
import type { QueryAlert } from "./schemas";

/** Its incidents stay on record, and what is open ends without a word. @throws Fault not_found */
export function deleteQueryAlert({ db, clock }: AlertContext, id: number): Promise<QueryAlert> {
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["query alerts", 0]);
    const alert = await getQueryAlert({ db: transaction }, id);
    await transaction
      .update(alertIncidents)
      .set({ resolvedAt: clock.now() })
      .where(and(eq(alertIncidents.alertId, id), isNull(alertIncidents.resolvedAt)));
    await transaction.delete(alertQueries).where(eq(alertQueries.id, id));
    return alert;
  });
}
