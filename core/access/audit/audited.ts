import type { Principal } from "@/core/access/principal";
import { DeliveryQueue } from "@/core/alerts/delivery/outbox";
import type { Context } from "@/core/context";
import type { Audit } from "./actions";
import { recordAudit } from "./record-audit";

type By = { principal: Principal | null; address: string };

/**
 * Changes something and writes down who did, in one transaction: neither is ever there without the other. What is queued
 * for delivery meanwhile is asked for after the commit.
 *
 * A connection is held until `change` ends, so it reads no request, waits for no other server, and takes no second
 * connection: 16 that do are all there are.
 * @param change is given `context` within the transaction, and gives what was done beside its answer
 * @throws what `change` does, and Error of the database; then nothing is changed
 */
export async function audited<Given extends Context & { outbox: DeliveryQueue }, Answer extends { audit: Audit }>(
  context: Given,
  { principal, address }: By,
  change: (inside: Given) => Promise<Answer>,
): Promise<Omit<Answer, "audit">> {
  const queued: Parameters<DeliveryQueue["request"]>[] = [];
  const outbox = new DeliveryQueue();
  outbox.handler = (...request) => queued.push(request);
  const { audit, ...answer } = await context.db.transaction(async (db) => {
    const changed = await change({ ...context, db, outbox });
    await recordAudit({ ...context, db }, principal, address, changed.audit);
    return changed;
  });
  for (const request of queued) context.outbox.request(...request);
  return answer;
}
