import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { alertConfigSchema } from "@/core/alerts/schemas";

export const GET = apiRoute(
  {
    need: "read alerts",
    summary: "The alerts of all services.",
    query: z.strictObject({}),
    answer: z.array(alertConfigSchema),
  },
  async (_request, runtime, { principal }) => {
    const configs = await listConfigs(runtime);
    return { data: principal && may(principal, "change alerts") ? configs : configs.map(hideWebhookUrl) };
  },
);
