import { z } from "zod";
import { plainRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { exportDashboard } from "@/core/dashboards/export-dashboard";
import { getDashboard } from "@/core/dashboards/get-dashboard";

export const GET = plainRoute(
  {
    need: "read",
    summary: "The dashboard as a file, which POST /api/logs/dashboards takes again.",
    path: z.object({ id: z.string() }),
  },
  async (_request, runtime, { path }) => {
    const { fileName, text } = exportDashboard(await getDashboard(runtime, dashboardIdOf(path)));
    return new Response(text, {
      headers: {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${fileName}"`,
        "cache-control": "no-store",
      },
    });
  },
);
