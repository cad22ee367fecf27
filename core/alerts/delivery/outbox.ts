import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { DELIVERY_KINDS } from "@/db/schema/alert-names";

/**
 * Who is told, after commit, that deliveries wait to be sent. What gets lost on the way is found by listDueDeliveries.
 */
export type Outbox = {
  /** @param at when they are to be tried; now when it is absent */
  request(deliveryIds: readonly string[], at?: Date): void;
};

/** Hands on to whoever sends, which is known only after the start: until then requests are left to listDueDeliveries. */
export class DeliveryQueue implements Outbox {
  handler: Outbox["request"] = () => undefined;

  request(deliveryIds: readonly string[], at?: Date): void {
    if (deliveryIds.length > 0) this.handler(deliveryIds, at);
  }
}

const rowsSchema = z.array(z.object({ id: z.string() }));

/** The ids of rows of deliveries. */
export const deliveryIdsOf = (rows: unknown): string[] => rowsSchema.parse(rows).map(({ id }) => id);

/** SQL of the place of a kind among all. */
const placeOf = (kind: SQL): SQL => sql`array_position(${sql.param([...DELIVERY_KINDS])}::text[], ${kind})`;

/** SQL of whether two deliveries are of one incident and to one receiver. @param one and @param other names of their tables */
export const isOfSameReceiver = (one: SQL, other: SQL): SQL => sql`(
  ${one}.incident_id = ${other}.incident_id and ${one}.channel = ${other}.channel and ${one}.target = ${other}.target
  and ${one}.receiver_id is not distinct from ${other}.receiver_id)`;

/**
 * SQL of whether nothing that comes before the delivery `known` has still to be told to its receiver: what is over must not be opened after it was closed.
 * What is of one moment has the order of its kinds.
 */
export const IS_FIRST = sql`not exists (
  select from logs.alert_deliveries as earlier
  where ${isOfSameReceiver(sql`earlier`, sql`known`)} and earlier.id <> known.id and earlier.status in ('pending', 'sending')
    and (earlier.created_at, ${placeOf(sql`earlier.kind`)}) < (known.created_at, ${placeOf(sql`known.kind`)}))`;

/** Deliveries that are to be tried now: new ones that nobody took up, and those whose next attempt is due. */
export async function listDueDeliveries({ db, clock }: Context): Promise<string[]> {
  const due = await db.execute(sql`
    select id from logs.alert_deliveries as known
    where status in ('pending', 'sending') and next_attempt_at <= ${clock.now()}::timestamptz and ${IS_FIRST}
    order by next_attempt_at limit ${LIMITS.listedAlerts}`);
  return deliveryIdsOf(due.rows);
}
