import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { previewQuery } from "@/core/alerts/queries/preview-query";
import { queryWatchSchema } from "@/core/alerts/queries/schemas";

/** What an alert on a query would have done to the last day. */
export const POST = apiRoute("read alerts", async (request, runtime) => ({
  data: await previewQuery(runtime, await parseBody(request, queryWatchSchema), request.signal),
}));
