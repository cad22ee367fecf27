import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryParameters } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { entryJson } from "@/core/search/entry-json";
import { getEntry } from "@/core/search/get-entry";

const querySchema = z.strictObject(entryParameters);

export const GET = apiRoute<{ id: string }>("read", async (request, runtime, { params: { id } }) => {
  const form = parseQuery(request, querySchema);
  return { data: entryJson(await getEntry(runtime, id), form) };
});
