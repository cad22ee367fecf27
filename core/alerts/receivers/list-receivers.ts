import { asc, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { alertReceivers } from "@/db/schema";
import type { Receiver } from "../shared-schemas";

/** By the configuration, or by the alert on a query, that they are of: in the order in which they were added, without what is secret. */
export async function listReceivers(
  { db }: Pick<Context, "db">,
  owner: "configId" | "alertId",
  ids: readonly number[],
): Promise<Map<number, Receiver[]>> {
  const rows = await db
    .select()
    .from(alertReceivers)
    .where(sql`${alertReceivers[owner]} = any(${sql.param([...ids])}::bigint[])`)
    .orderBy(asc(alertReceivers.id));
  const byOwner = new Map<number, Receiver[]>();
  for (const row of rows) {
    const id = row[owner];
    if (id === null) continue;
    const known = byOwner.get(id);
    if (known) known.push(receiverOf(row));
    else byOwner.set(id, [receiverOf(row)]);
  }
  return byOwner;
}

const receiverOf = ({ id, channel, target, format, secret, leastSeverity }: typeof alertReceivers.$inferSelect) => ({
  id,
  channel,
  target,
  format,
  secret_set: secret !== null,
  least_severity: leastSeverity,
});
