import { z } from "zod";
import { apiRoute, parseBody, parseQuery } from "@/app/api/api-route";
import { serviceParameter } from "@/app/api/parameters";
import { createConfig } from "@/core/alerts/configs/create-config";
import { deleteConfig } from "@/core/alerts/configs/delete-config";
import { getConfig } from "@/core/alerts/configs/get-config";
import { updateConfig } from "@/core/alerts/configs/update-config";
import { alertConfigChangeSchema, alertConfigInputSchema } from "@/core/alerts/schemas";

const querySchema = z.strictObject({ service: serviceParameter });

export const GET = apiRoute(async (request, runtime) => ({
  data: await getConfig(runtime, parseQuery(request, querySchema).service),
}));

export const POST = apiRoute(async (request, runtime) => ({
  status: 201,
  data: await createConfig(runtime, await parseBody(request, alertConfigInputSchema)),
  message: "Alert configuration created successfully",
}));

/** What the body does not name stays. */
export const PUT = apiRoute(async (request, runtime) => {
  const { service } = parseQuery(request, querySchema);
  const change = await parseBody(request, alertConfigChangeSchema);
  return {
    data: await updateConfig(runtime, service, change),
    message: "Alert configuration updated successfully",
  };
});

export const DELETE = apiRoute(async (request, runtime) => ({
  data: await deleteConfig(runtime, parseQuery(request, querySchema).service),
  message: "Alert configuration deleted successfully",
}));
