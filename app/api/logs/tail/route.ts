import { eventRoute } from "@/app/api/api-route";
import { watchTail } from "@/app/api/watch-tail";

export const GET = eventRoute(
  {
    need: "read",
    summary: "Events `log` for each entry that a query selects, as it is committed, `gap` and `heartbeat`.",
  },
  ({ url, headers }, runtime) => watchTail(runtime, new URL(url).searchParams, headers.get("last-event-id")),
);
