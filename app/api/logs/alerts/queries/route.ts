import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";
import { queryAlertSchema } from "@/core/alerts/queries/schemas";

export const GET = apiRoute(
  {
    need: "read alerts",
    summary: "All alerts on queries.",
    query: z.strictObject({}),
    answer: z.array(queryAlertSchema),
  },
  async (_request, runtime, { principal }) => {
    const alerts = await listQueryAlerts(runtime);
    return { data: principal && may(principal, "change alerts") ? alerts : alerts.map(hideWebhookUrl) };
  },
);
