import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchParameter } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { findServiceNames } from "@/core/stats/find-service-names";
import { serviceNamesSchema } from "@/core/stats/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  search: searchParameter,
  limit: wholeNumber(1, LIMITS.listedServices).default(LIMITS.suggestions),
  unwatched: z.literal("1", "must be 1").optional(),
});

export const GET = apiRoute(
  { need: "read", summary: "Names of services, for who types one.", query: querySchema, answer: serviceNamesSchema },
  async (_request, { db }, { query }) => {
    const { unwatched, ...asked } = query;
    return { data: await findServiceNames(db, { ...asked, unwatched: unwatched === "1" }) };
  },
);
