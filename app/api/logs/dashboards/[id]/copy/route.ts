import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { audited } from "@/core/access/audit/audited";
import { copyDashboard } from "@/core/dashboards/copy-dashboard";

export const POST = apiRoute<{ id: string }>("edit", async (_request, runtime, asked) => {
  const id = dashboardIdOf(asked.params);
  return audited(runtime, asked, async (inside) => {
    const data = await copyDashboard(inside, id);
    return { status: 201, data, audit: { action: "dashboard.create", target: data.name, detail: { copy_of: id } } };
  });
});
