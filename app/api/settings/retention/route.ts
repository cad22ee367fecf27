import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { retentionSchema } from "@/core/settings/schemas";

/** For how many days entries are kept. */
export const GET = apiRoute("administer", async (_request, { settings }) => ({ data: await settings.retention() }));

/** Older entries are dropped by the next run of the retention job. */
export const PUT = apiRoute("administer", async (request, { settings }) => {
  const { days } = await parseBody(request, retentionSchema);
  const before = await settings.retentionDays();
  await settings.changeRetention({ days });
  const data = await settings.retention();
  const detail = { before, days: days ?? data.default_days };
  return { data, audit: { action: "retention.change", detail } };
});
