import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { previewRetention } from "@/core/retention/preview-retention";
import { retentionChangeSchema, retentionSchema } from "@/core/settings/schemas";

/** What a change would remove with the next run. Nothing is changed. */
export const POST = apiRoute("administer", async (request, runtime) => {
  const { settings } = runtime;
  const change = await parseBody(request, retentionChangeSchema);
  const after = retentionSchema.parse({ ...(await settings.retention()), ...change });
  return { data: await previewRetention(runtime, settings.planOf(after)) };
});
