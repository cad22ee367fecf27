import type { Inngest } from "inngest";
import { z } from "zod";
import { deliver } from "@/core/alerts/delivery/deliver";
import { addMs, MINUTE_MS } from "@/core/clock";
import { DELIVERY_EVENT, JOBS } from "@/core/jobs/job-types";
import { recordRun } from "@/core/jobs/record-run";
import { getRuntime } from "@/core/runtime";
import { RETRIES } from "./retries";

const dataSchema = z.object({ deliveryId: z.uuid() });

/**
 * Sends one delivery, which is one channel of one notification, so a receiver that is down keeps no other waiting. When
 * it fails, an event for the next attempt is sent ahead if that is soon; later ones are found by check-thresholds.
 */
export const deliverAlert = (client: Inngest.Any) =>
  client.createFunction(
    {
      id: "deliver-alert",
      retries: RETRIES,
      concurrency: JOBS["deliver-alert"].concurrency,
      triggers: [{ event: DELIVERY_EVENT }],
    },
    async ({ event, step }) => {
      const { deliveryId } = dataSchema.parse(event.data);
      return step.run("deliver", async () => {
        const runtime = getRuntime();
        const outcome = await recordRun(runtime, "deliver-alert", () => deliver(runtime, deliveryId));
        if (outcome.status === "retry" && outcome.inMs < MINUTE_MS) {
          runtime.outbox.request([deliveryId], addMs(runtime.clock.now(), outcome.inMs));
        }
        if (outcome.status === "delivered") runtime.outbox.request(outcome.next);
        return outcome;
      });
    },
  );
