import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryParameters } from "@/app/api/parameters";
import { entryJson } from "@/core/search/entry-json";
import { getEntry } from "@/core/search/get-entry";
import { sentEntrySchema } from "@/core/search/schemas";

const querySchema = z.strictObject(entryParameters);

export const GET = apiRoute(
  {
    need: "read",
    summary: "One entry.",
    path: z.object({ id: z.string() }),
    query: querySchema,
    answer: sentEntrySchema,
  },
  async ({ signal }, runtime, { path: { id }, query: form }) => ({
    data: entryJson(await getEntry(runtime, id, { signal }), form),
  }),
);
