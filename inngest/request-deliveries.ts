import type { Outbox } from "@/core/alerts/delivery/outbox";
import { DELIVERY_EVENT, type DeliveryEventData } from "@/core/jobs/job-types";
import type { Runtime } from "@/core/runtime";
import { createClient } from "./client";

/** Asks a real Inngest server for deliveries. What it does not take is asked for again by check-thresholds. */
export function requestFromInngest({ logger }: Runtime): Outbox["request"] {
  const client = createClient();
  return (deliveryIds, at) => {
    const events = deliveryIds.map((deliveryId) => ({
      name: DELIVERY_EVENT,
      data: { deliveryId } satisfies DeliveryEventData,
      ts: at?.getTime(),
    }));
    client.send(events).catch((error: unknown) => {
      logger.warn({ error }, "the Inngest server did not take an event");
    });
  };
}
