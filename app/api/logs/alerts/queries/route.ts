import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";

/** All alerts on queries. */
export const GET = apiRoute("read alerts", async (request, runtime, { principal }) => {
  parseQuery(request, z.strictObject({}));
  const alerts = await listQueryAlerts(runtime);
  return { data: principal && may(principal, "change alerts") ? alerts : alerts.map(hideWebhookUrl) };
});
