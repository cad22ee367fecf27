import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { tellRetention } from "@/core/retention/tell-retention";
import { changeSetting } from "@/core/settings/change-setting";
import { type Retention, retentionChangeSchema, retentionSchema } from "@/core/settings/schemas";

/** For how many days entries and counts are kept. */
export const GET = apiRoute("administer", async (_request, { settings }) => ({ data: await settings.retention() }));

/** What the body names. What is past its retention then goes with the next run of the retention job. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { settings } = runtime;
  const change = await parseBody(request, retentionChangeSchema);
  await settings.forget();
  const { default_days, ...before } = await settings.retention();
  const after = retentionSchema.parse({ ...before, ...change });
  const tell = (retention: Retention) => tellRetention(retention, settings.planOf(retention));
  await audited(runtime, asked, async (inside) => {
    await changeSetting(inside, "retention", after);
    return { audit: { action: "retention.change", detail: { before: tell(before), after: tell(after) } } };
  });
  await settings.forget();
  return { data: await settings.retention() };
});
