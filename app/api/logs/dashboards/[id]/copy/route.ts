import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { audited } from "@/core/access/audit/audited";
import { copyDashboard } from "@/core/dashboards/copy-dashboard";
import { dashboardSchema } from "@/core/dashboards/schemas";

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Makes a copy of a dashboard.",
    path: z.object({ id: z.string() }),
    answer: dashboardSchema,
  },
  async (_request, runtime, asked) => {
    const id = dashboardIdOf(asked.path);
    return audited(runtime, asked, async (inside) => {
      const data = await copyDashboard(inside, id);
      return { status: 201, data, audit: { action: "dashboard.create", target: data.name, detail: { copy_of: id } } };
    });
  },
);
