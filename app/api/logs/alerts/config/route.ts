import { z } from "zod";
import { alertSeenBy } from "@/app/alert-seen-by";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { createConfig } from "@/core/alerts/configs/create-config";
import { deleteConfig } from "@/core/alerts/configs/delete-config";
import { getConfig } from "@/core/alerts/configs/get-config";
import { updateConfig } from "@/core/alerts/configs/update-config";
import { alertConfigChangeSchema, alertConfigInputSchema, alertConfigSchema } from "@/core/alerts/schemas";
import { serviceNameSchema } from "@/core/service-name";

const querySchema = z.strictObject({ service: serviceNameSchema });

export const GET = apiRoute(
  { need: "read alerts", summary: "The alert of a service.", query: querySchema, answer: alertConfigSchema },
  async (_request, runtime, { principal, query }) => {
    const config = await getConfig(runtime, query.service);
    return { data: alertSeenBy(principal)(config) };
  },
);

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Makes the alert of a service.",
    body: alertConfigInputSchema,
    answer: alertConfigSchema,
  },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => ({
      status: 201,
      data: await createConfig(inside, input),
      message: "Alert configuration created successfully",
      audit: { action: "alert.create", target: input.service },
    }));
  },
);

export const PUT = apiRoute(
  {
    need: "change alerts",
    summary:
      "Changes the alert of a service; what the body does not name stays. With an `updated_at` that is no more it is a 409.",
    query: querySchema,
    body: alertConfigChangeSchema,
    answer: alertConfigSchema,
  },
  async (_request, runtime, asked) => {
    const { service } = asked.query;
    const change = asked.body;
    return audited(runtime, asked, async (inside) => ({
      data: await updateConfig(inside, service, change),
      message: "Alert configuration updated successfully",
      audit: {
        action: "alert.change",
        target: service,
        detail: { changed: Object.keys(change).filter((name) => name !== "updated_at") },
      },
    }));
  },
);

export const DELETE = apiRoute(
  { need: "change alerts", summary: "Deletes the alert of a service.", query: querySchema, answer: alertConfigSchema },
  async (_request, runtime, asked) => {
    const { service } = asked.query;
    return audited(runtime, asked, async (inside) => ({
      data: await deleteConfig(inside, service),
      message: "Alert configuration deleted successfully",
      audit: { action: "alert.delete", target: service },
    }));
  },
);
