import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { patternsParameters, patternsQueryOf } from "@/app/api/patterns-parameters";
import { listPatterns } from "@/core/patterns/list-patterns";

export const GET = apiRoute("read", async (request, runtime) => ({
  data: await listPatterns(runtime, patternsQueryOf(parseQuery(request, z.strictObject(patternsParameters)))),
}));
