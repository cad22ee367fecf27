import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { findServiceNames } from "@/core/stats/find-service-names";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  search: searchParameter,
  limit: wholeNumber(1, LIMITS.listedServices).default(LIMITS.suggestions),
  unwatched: z.literal("1", "must be 1").optional(),
});

/** Names of services, for who types one. */
export const GET = apiRoute("read", async (request, { db }) => {
  const { unwatched, ...asked } = parseQuery(request, querySchema);
  return { data: await findServiceNames(db, { ...asked, unwatched: unwatched === "1" }) };
});
