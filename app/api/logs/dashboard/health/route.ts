import { apiRoute } from "@/app/api/api-route";
import { getServiceHealth } from "@/core/stats/get-service-health";

export const GET = apiRoute("read", async (_request, runtime) => ({ data: await getServiceHealth(runtime) }));
