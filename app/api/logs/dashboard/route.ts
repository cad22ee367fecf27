import { apiRoute } from "@/app/api/api-route";
import { getDashboardStats } from "@/core/stats/get-dashboard-stats";

export const GET = apiRoute("read", async (_request, runtime) => ({ data: await getDashboardStats(runtime) }));
