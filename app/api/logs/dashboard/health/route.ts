import { apiRoute } from "@/app/api/api-route";
import { cutMessage, dashboardSchema } from "@/app/api/logs/dashboard/dashboard-parameters";
import { parseQuery } from "@/app/api/parse-request";
import { getServiceHealth } from "@/core/stats/get-service-health";

export const GET = apiRoute("read", async (request, runtime) => {
  const { health, total } = await getServiceHealth(runtime, parseQuery(request, dashboardSchema));
  return { data: health, message: cutMessage(Object.keys(health).length, total) };
});
