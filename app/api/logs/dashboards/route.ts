import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchedPageParameters } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { createDashboard } from "@/core/dashboards/create-dashboard";
import { listDashboards } from "@/core/dashboards/list-dashboards";
import {
  DASHBOARD_ORDERS,
  dashboardInputSchema,
  dashboardListSchema,
  dashboardSchema,
} from "@/core/dashboards/schemas";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";

const querySchema = z.strictObject({
  sort: oneOf(DASHBOARD_ORDERS).default("name"),
  ...searchedPageParameters(LIMITS.listedDashboards, LIMITS.listPage),
});

export const GET = apiRoute(
  { need: "read", summary: "A page of the dashboards.", query: querySchema, answer: dashboardListSchema },
  async (_request, runtime, { query }) => ({
    data: await listDashboards(runtime, query),
  }),
);

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Makes a dashboard. Takes what GET /api/logs/dashboards/ID/export gives, too.",
    body: dashboardInputSchema,
    mostBytes: LIMITS.dashboardBytes,
    answer: dashboardSchema,
  },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await createDashboard(inside, input);
      return { status: 201, data, audit: { action: "dashboard.create", target: data.name } };
    });
  },
);
