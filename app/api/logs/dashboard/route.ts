import { apiRoute } from "@/app/api/api-route";
import { getDashboardStats } from "@/core/stats/get-dashboard-stats";
import { dashboardStatsSchema } from "@/core/stats/schemas";
import { cutMessage, dashboardSchema } from "./dashboard-parameters";

export const GET = apiRoute(
  {
    need: "read",
    summary: "Counts of every service, and the most frequent errors.",
    query: dashboardSchema,
    answer: dashboardStatsSchema,
  },
  async (_request, runtime, { query }) => {
    const data = await getDashboardStats(runtime, query);
    return { data, message: cutMessage(Object.keys(data.service_stats).length, data.service_count) };
  },
);
