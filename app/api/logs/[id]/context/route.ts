import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { getContext } from "@/core/search/get-context";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({ limit: wholeNumber(1, LIMITS.contextEntries).default(10) });

/** Entries of the same service before and after one. */
export const GET = apiRoute<{ id: string }>("read", async (request, runtime, { params: { id } }) => {
  const { limit } = parseQuery(request, querySchema);
  return { data: await getContext(runtime, id, limit) };
});
