import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { listMasked } from "@/core/settings/list-masked";
import { maskingSchema } from "@/core/settings/schemas";

/** What is masked, and how much it was, by service. */
export const GET = apiRoute("administer", async (_request, runtime) => ({
  data: { settings: await runtime.settings.masking(), services: await listMasked(runtime) },
}));

/** Holds for entries from now on, on every instance within seconds. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const data = await parseBody(request, maskingSchema);
  await audited(runtime, asked, async (inside) => {
    await changeSetting(inside, "masking", data);
    return { audit: { action: "masking.change", detail: data } };
  });
  await runtime.settings.forget();
  return { data };
});
