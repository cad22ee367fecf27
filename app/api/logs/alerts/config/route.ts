import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { may } from "@/core/access/needs";
import { createConfig } from "@/core/alerts/configs/create-config";
import { deleteConfig } from "@/core/alerts/configs/delete-config";
import { getConfig } from "@/core/alerts/configs/get-config";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { updateConfig } from "@/core/alerts/configs/update-config";
import { alertConfigChangeSchema, alertConfigInputSchema } from "@/core/alerts/schemas";
import { serviceNameSchema } from "@/core/service-name";

const querySchema = z.strictObject({ service: serviceNameSchema });

export const GET = apiRoute("read alerts", async (request, runtime, { principal }) => {
  const config = await getConfig(runtime, parseQuery(request, querySchema).service);
  return { data: principal && may(principal, "change alerts") ? config : hideWebhookUrl(config) };
});

export const POST = apiRoute("change alerts", async (request, runtime, asked) => {
  const input = await parseBody(request, alertConfigInputSchema);
  return audited(runtime, asked, async (inside) => ({
    status: 201,
    data: await createConfig(inside, input),
    message: "Alert configuration created successfully",
    audit: { action: "alert.create", target: input.service },
  }));
});

/** What the body does not name stays. */
export const PUT = apiRoute("change alerts", async (request, runtime, asked) => {
  const { service } = parseQuery(request, querySchema);
  const change = await parseBody(request, alertConfigChangeSchema);
  return audited(runtime, asked, async (inside) => ({
    data: await updateConfig(inside, service, change),
    message: "Alert configuration updated successfully",
    audit: {
      action: "alert.change",
      target: service,
      detail: { changed: Object.keys(change).filter((name) => name !== "updated_at") },
    },
  }));
});

export const DELETE = apiRoute("change alerts", async (request, runtime, asked) => {
  const { service } = parseQuery(request, querySchema);
  return audited(runtime, asked, async (inside) => ({
    data: await deleteConfig(inside, service),
    message: "Alert configuration deleted successfully",
    audit: { action: "alert.delete", target: service },
  }));
});
