import { z } from "zod";
import { alertSeenBy } from "@/app/alert-seen-by";
import { listRoute } from "@/app/api/api-route";
import { searchedPageParameters } from "@/app/api/parameters";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";
import { queryAlertSchema } from "@/core/alerts/queries/schemas";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "read alerts",
    summary: "Alerts on queries, by name.",
    query: z.strictObject(searchedPageParameters(LIMITS.queryAlerts)),
    answer: z.array(queryAlertSchema),
  },
  async (_request, runtime, { principal, query }) => {
    const { total, data } = await listQueryAlerts(runtime, query);
    return { total, data: data.map(alertSeenBy(principal)) };
  },
);
