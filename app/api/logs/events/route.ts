import { z } from "zod";
import { eventRoute } from "@/app/api/api-route";
import { watchSeveral } from "@/app/api/watch-several";
import { LIMITS } from "@/core/limits";

const subscriptionSchema = z.strictObject({
  id: z.string("is required").regex(/^[\w-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -"),
  path: z.string("is required"),
  lastEventId: z.string().optional(),
});

const bodySchema = z.strictObject({
  subscriptions: z
    .array(subscriptionSchema, "must be a list")
    .min(1, "must have at least one member")
    .max(LIMITS.subscriptions, `may have ${LIMITS.subscriptions} members`)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "must have an id of its own each"),
});

export const POST = eventRoute(
  {
    need: "read",
    summary: "What GET of several paths would send, over one connection of Server-Sent Events.",
    body: bodySchema,
    mostBytes: LIMITS.subscriptionsBytes,
  },
  async (_request, runtime, { body }) => {
    const { subscriptions } = body;
    return watchSeveral(runtime, subscriptions);
  },
);
