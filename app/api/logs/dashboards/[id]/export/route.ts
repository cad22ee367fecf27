import { plainRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { exportDashboard } from "@/core/dashboards/export-dashboard";
import { getDashboard } from "@/core/dashboards/get-dashboard";

/** The dashboard as a file, which POST /api/logs/dashboards takes again. */
export const GET = plainRoute<{ id: string }>("read", async (_request, runtime, { params }) => {
  const { fileName, text } = exportDashboard(await getDashboard(runtime, dashboardIdOf(params)));
  return new Response(text, {
    headers: {
      "content-type": "application/json",
      "content-disposition": `attachment; filename="${fileName}"`,
      "cache-control": "no-store",
    },
  });
});
