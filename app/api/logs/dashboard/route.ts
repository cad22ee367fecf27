import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { getDashboardStats } from "@/core/stats/get-dashboard-stats";
import { cutMessage, dashboardSchema } from "./dashboard-parameters";

export const GET = apiRoute("read", async (request, runtime) => {
  const data = await getDashboardStats(runtime, parseQuery(request, dashboardSchema));
  return { data, message: cutMessage(Object.keys(data.service_stats).length, data.service_count) };
});
