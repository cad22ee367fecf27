import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listConfigs } from "@/core/alerts/configs/list-configs";

export const GET = apiRoute("read alerts", async (request, runtime, { principal }) => {
  parseQuery(request, z.strictObject({}));
  const configs = await listConfigs(runtime);
  return { data: principal && may(principal, "change alerts") ? configs : configs.map(hideWebhookUrl) };
});
