import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { cutMessage, dashboardSchema } from "@/app/api/logs/dashboard/dashboard-parameters";
import { getServiceHealth } from "@/core/stats/get-service-health";
import { serviceHealthSchema } from "@/core/stats/schemas";

export const GET = apiRoute(
  {
    need: "read",
    summary: "Whether each service is well.",
    query: dashboardSchema,
    answer: z.record(z.string(), serviceHealthSchema),
  },
  async (_request, runtime, { query }) => {
    const { health, total } = await getServiceHealth(runtime, query);
    return { data: health, message: cutMessage(Object.keys(health).length, total) };
  },
);
