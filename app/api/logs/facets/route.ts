import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { invalidField } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { getFacets } from "@/core/search/get-facets";
import { fieldOf } from "@/core/search/query/field-names";
import { facetsSchema } from "@/core/search/schemas";
import { storableText } from "@/core/storable-text";

const querySchema = z.strictObject({
  ...searchParameters,
  field: storableText(LIMITS.columnCharacters).min(1, "must not be empty").optional(),
  search: storableText(LIMITS.columnCharacters).optional(),
});

/** Fields that have no values to choose among. */
const WITHOUT_VALUES: readonly string[] = ["message", "timestamp"];

export const GET = apiRoute(
  {
    need: "read",
    summary:
      "The most frequent values of each field among what a search finds, or of one field those that hold a text.",
    query: querySchema,
    answer: facetsSchema,
  },
  async (request, runtime, { query }) => {
    const { signal } = request;
    const { field, search, ...parameters } = query;
    if (search !== undefined && field === undefined) throw invalidField("search", "needs field");
    if (field !== undefined && WITHOUT_VALUES.includes(fieldOf(field).name)) {
      throw invalidField("field", `must be none of ${WITHOUT_VALUES.join(", ")}`);
    }
    const sought = await searchOf(runtime, parameters);
    return { data: await getFacets(runtime, { ...sought, field, search, signal }) };
  },
);
