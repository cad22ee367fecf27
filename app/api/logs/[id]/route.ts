import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { attributesParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { entryJson } from "@/core/search/entry-json";
import { getEntry } from "@/core/search/get-entry";

const querySchema = z.strictObject({ attributes: attributesParameter });

export const GET = apiRoute<{ id: string }>("read", async (request, runtime, { params: { id } }) => {
  const { attributes } = parseQuery(request, querySchema);
  return { data: entryJson(await getEntry(runtime, id), attributes) };
});
