import { z } from "zod";
import { alertSeenBy } from "@/app/alert-seen-by";
import { listRoute } from "@/app/api/api-route";
import { searchedPageParameters } from "@/app/api/parameters";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { alertConfigSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "read alerts",
    summary: "The alerts of services, by their names.",
    query: z.strictObject(searchedPageParameters(LIMITS.listedConfigs)),
    answer: z.array(alertConfigSchema),
  },
  async (_request, runtime, { principal, query }) => {
    const { total, data } = await listConfigs(runtime, query);
    return { total, data: data.map(alertSeenBy(principal)) };
  },
);
