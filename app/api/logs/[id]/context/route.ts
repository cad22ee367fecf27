import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryParameters } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { entryJson } from "@/core/search/entry-json";
import { getContext } from "@/core/search/get-context";
import { type Entry, entryContextSchema, sentEntrySchema } from "@/core/search/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  limit: wholeNumber(1, LIMITS.contextEntries).default(10),
  ...entryParameters,
});

export const GET = apiRoute(
  {
    need: "read",
    summary: "Entries of the same service before and after one.",
    path: z.object({ id: z.string() }),
    query: querySchema,
    answer: entryContextSchema.extend({
      entry: sentEntrySchema,
      before: z.array(sentEntrySchema),
      after: z.array(sentEntrySchema),
    }),
  },
  async ({ signal }, runtime, { path: { id }, query }) => {
    const { limit, ...form } = query;
    const { entry, before, after, ...rest } = await getContext(runtime, id, limit, { signal });
    const json = (one: Entry) => entryJson(one, form);
    return { data: { entry: json(entry), before: before.map(json), after: after.map(json), ...rest } };
  },
);
