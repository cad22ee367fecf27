import { asc } from "drizzle-orm";
import type { Context } from "@/core/context";
import { alertReceivers } from "@/db/schema";
import type { Receiver } from "../shared-schemas";

type Row = typeof alertReceivers.$inferSelect;

/** All of them, in the order in which they were added. There are as many as alerts have, which is bounded. */
export const listReceivers = ({ db }: Pick<Context, "db">): Promise<Row[]> =>
  db.select().from(alertReceivers).orderBy(asc(alertReceivers.id));

/** As it is shown: everything but the secret. */
export const receiverOf = ({ id, channel, target, format, secret, leastSeverity }: Row): Receiver => ({
  id,
  channel,
  target,
  format,
  secret_set: secret !== null,
  least_severity: leastSeverity,
});
