import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { retentionSchema } from "@/core/settings/schemas";

/** For how many days entries are kept. */
export const GET = apiRoute("administer", async (_request, { settings }) => ({ data: await settings.retention() }));

/** Older entries are dropped by the next run of the retention job. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { settings } = runtime;
  const { days } = await parseBody(request, retentionSchema);
  const before = await settings.retentionDays();
  const { default_days } = await settings.retention();
  await audited(runtime, asked, async (inside) => {
    await changeSetting(inside, "retention", { days });
    return { audit: { action: "retention.change", detail: { before, days: days ?? default_days } } };
  });
  await settings.forget();
  return { data: await settings.retention() };
});
