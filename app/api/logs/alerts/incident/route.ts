import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { getIncident } from "@/core/alerts/incidents/get-incident";

const querySchema = z.strictObject({ id: idParameter });

export const GET = apiRoute("read alerts", async (request, runtime) => ({
  data: await getIncident(runtime, parseQuery(request, querySchema).id),
}));
