import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { createDashboard } from "@/core/dashboards/create-dashboard";
import { listDashboards } from "@/core/dashboards/list-dashboards";
import { DASHBOARD_ORDERS, dashboardInputSchema } from "@/core/dashboards/schemas";
import { LIMITS } from "@/core/limits";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  search: searchParameter,
  sort: z.enum(DASHBOARD_ORDERS, `must be one of ${DASHBOARD_ORDERS.join(", ")}`).default("name"),
  limit: wholeNumber(1, LIMITS.listedDashboards).default(50),
  offset: wholeNumber(0, 999_999_999).default(0),
});

export const GET = apiRoute("read", async (request, runtime) => ({
  data: await listDashboards(runtime, parseQuery(request, querySchema)),
}));

/** Takes what GET /api/logs/dashboards/ID/export gives, too. */
export const POST = apiRoute("edit", async (request, runtime, asked) => {
  const input = await parseBody(request, dashboardInputSchema, LIMITS.dashboardBytes);
  return audited(runtime, asked, async (inside) => {
    const data = await createDashboard(inside, input);
    return { status: 201, data, audit: { action: "dashboard.create", target: data.name } };
  });
});
