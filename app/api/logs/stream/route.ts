import { eventRoute } from "@/app/api/api-route";
import { watchStats } from "@/app/api/watch-stats";

export const GET = eventRoute(
  { need: "read", summary: "Events `stats`, with what a view shows, `alert` and `heartbeat`." },
  ({ url, headers }, runtime) => watchStats(runtime, new URL(url).searchParams, headers.get("last-event-id")),
);
