import { z } from "zod";
import { apiRoute, parseQuery } from "@/app/api/api-route";
import { listConfigs } from "@/core/alerts/configs/list-configs";

export const GET = apiRoute(async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listConfigs(runtime) };
});
