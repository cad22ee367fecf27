import { apiRoute } from "@/app/api/api-route";
import { previewRetention } from "@/core/retention/preview-retention";
import { retentionPreviewSchema } from "@/core/retention/schemas";
import { retentionChangeSchema, retentionSchema } from "@/core/settings/schemas";

export const POST = apiRoute(
  {
    need: "administer",
    summary: "What a change would remove with the next run. Nothing is changed.",
    body: retentionChangeSchema,
    answer: retentionPreviewSchema,
  },
  async (_request, runtime, { body: change }) => {
    const { settings } = runtime;
    const after = retentionSchema.parse({ ...(await settings.retention()), ...change });
    return { data: await previewRetention(runtime, settings.planOf(after)) };
  },
);
