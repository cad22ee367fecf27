import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { tellRetention } from "@/core/retention/tell-retention";
import { changeRetention } from "@/core/settings/change-retention";
import { getRetention } from "@/core/settings/get-retention";
import { type Retention, retentionUpdateSchema } from "@/core/settings/schemas";

/** For how many days entries and counts are kept, how much may be stored, and how much is. */
export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await getRetention(runtime) }));

/** What the body names; with `updated_at`, of what it was made from, it is a 409 when that is no more. What is past its retention then goes with the next run of the retention job. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { settings } = runtime;
  const { updated_at: madeFrom, ...change } = await parseBody(request, retentionUpdateSchema);
  const tell = (retention: Retention) => tellRetention(retention, settings.planOf(retention));
  await audited(runtime, asked, async (inside) => {
    const { before, after } = await changeRetention(inside, change, madeFrom);
    return { audit: { action: "retention.change", detail: { before: tell(before), after: tell(after) } } };
  });
  await settings.forget();
  return { data: await getRetention(runtime) };
});
