import { apiRoute } from "@/app/api/api-route";
import { previewQuery } from "@/core/alerts/queries/preview-query";
import { queryPreviewSchema, queryWatchSchema } from "@/core/alerts/queries/schemas";

export const POST = apiRoute(
  {
    // What a query finds is told, for which the right to see alerts is not enough.
    need: "read",
    summary: "What an alert on a query would have done to the last day.",
    body: queryWatchSchema,
    answer: queryPreviewSchema,
  },
  async (request, runtime, { body }) => ({
    data: await previewQuery(runtime, body, request.signal),
  }),
);
