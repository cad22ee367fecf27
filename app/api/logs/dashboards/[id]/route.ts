import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { audited } from "@/core/access/audit/audited";
import { getDashboard } from "@/core/dashboards/get-dashboard";
import { removeDashboard } from "@/core/dashboards/remove-dashboard";
import { dashboardChangeSchema, dashboardSchema } from "@/core/dashboards/schemas";
import { updateDashboard } from "@/core/dashboards/update-dashboard";
import { LIMITS } from "@/core/limits";

export const GET = apiRoute(
  {
    need: "read",
    summary: "One dashboard with its panels.",
    path: z.object({ id: z.string() }),
    query: z.strictObject({}),
    answer: dashboardSchema,
  },
  async (_request, runtime, { path }) => ({ data: await getDashboard(runtime, dashboardIdOf(path)) }),
);

export const PUT = apiRoute(
  {
    need: "edit",
    summary: "Replaces the whole dashboard, if nobody else has meanwhile.",
    path: z.object({ id: z.string() }),
    body: dashboardChangeSchema,
    mostBytes: LIMITS.dashboardBytes,
    answer: dashboardSchema,
  },
  async (_request, runtime, asked) => {
    const id = dashboardIdOf(asked.path);
    const change = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await updateDashboard(inside, id, change);
      return { data, audit: { action: "dashboard.change", target: data.name } };
    });
  },
);

export const DELETE = apiRoute(
  {
    need: "edit",
    summary: "Deletes a dashboard.",
    path: z.object({ id: z.string() }),
    query: z.strictObject({}),
    answer: dashboardSchema,
  },
  async (_request, runtime, asked) => {
    const id = dashboardIdOf(asked.path);
    return audited(runtime, asked, async (inside) => {
      const data = await removeDashboard(inside, id);
      return { data, audit: { action: "dashboard.delete", target: data.name } };
    });
  },
);
