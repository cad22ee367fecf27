import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryParameters } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { entryJson } from "@/core/search/entry-json";
import { getContext } from "@/core/search/get-context";
import type { Entry } from "@/core/search/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  limit: wholeNumber(1, LIMITS.contextEntries).default(10),
  ...entryParameters,
});

/** Entries of the same service before and after one. */
export const GET = apiRoute<{ id: string }>("read", async (request, runtime, { params: { id } }) => {
  const { limit, ...form } = parseQuery(request, querySchema);
  const { entry, before, after, ...completeness } = await getContext(runtime, id, limit);
  const json = (one: Entry) => entryJson(one, form);
  return { data: { entry: json(entry), before: before.map(json), after: after.map(json), ...completeness } };
});
