import { eventRoute } from "@/app/api/api-route";
import { watchStats } from "@/app/api/watch-stats";

/** Events `stats`, with what a view shows, `alert` and `heartbeat`. */
export const GET = eventRoute("read", ({ url, headers }, runtime) =>
  watchStats(runtime, new URL(url).searchParams, headers.get("last-event-id")),
);
