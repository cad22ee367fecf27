import { sql } from "drizzle-orm";
import type { Executor } from "@/core/context";
import type { MinuteGroup } from "./group-minutes";
import { uniteIncidents } from "./unite-incidents";

/**
 * Lets the incidents that minutes belong to reach over all of them, as one. At least one of them is known.
 * @returns id of the incident
 */
export async function extendIncident(
  transaction: Executor,
  { known, firstAt, lastAt, crossedAt }: MinuteGroup,
): Promise<number> {
  const id = await uniteIncidents(transaction, known);
  await transaction.execute(sql`
    update logs.alert_incidents
    set first_at = ${firstAt}::timestamptz, last_at = ${lastAt}::timestamptz, crossed_at = ${crossedAt}::timestamptz
    where id = ${id}`);
  return id;
}
