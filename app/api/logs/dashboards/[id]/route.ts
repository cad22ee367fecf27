import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { getDashboard } from "@/core/dashboards/get-dashboard";
import { removeDashboard } from "@/core/dashboards/remove-dashboard";
import { dashboardChangeSchema } from "@/core/dashboards/schemas";
import { updateDashboard } from "@/core/dashboards/update-dashboard";
import { LIMITS } from "@/core/limits";

type Params = { id: string };

export const GET = apiRoute<Params>("read", async (request, runtime, { params }) => {
  parseQuery(request, z.strictObject({}));
  return { data: await getDashboard(runtime, dashboardIdOf(params)) };
});

/** Replaces the whole dashboard, if nobody else has meanwhile. */
export const PUT = apiRoute<Params>("edit", async (request, runtime, asked) => {
  const id = dashboardIdOf(asked.params);
  const change = await parseBody(request, dashboardChangeSchema, LIMITS.dashboardBytes);
  return audited(runtime, asked, async (inside) => {
    const data = await updateDashboard(inside, id, change);
    return { data, audit: { action: "dashboard.change", target: data.name } };
  });
});

export const DELETE = apiRoute<Params>("edit", async (request, runtime, asked) => {
  parseQuery(request, z.strictObject({}));
  const id = dashboardIdOf(asked.params);
  return audited(runtime, asked, async (inside) => {
    const data = await removeDashboard(inside, id);
    return { data, audit: { action: "dashboard.delete", target: data.name } };
  });
});
