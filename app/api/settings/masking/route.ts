import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { getMasking } from "@/core/settings/get-masking";
import { maskingUpdateSchema } from "@/core/settings/schemas";

/** What is masked, and how much it was, by service. */
export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await getMasking(runtime) }));

/** Holds for entries from now on, on every instance within seconds. With `updated_at`, of what it was made from, it is a 409 when that is no more. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { updated_at: madeFrom, ...masking } = await parseBody(request, maskingUpdateSchema);
  const saved = await audited(runtime, asked, async (inside) => {
    const updated_at = await changeSetting(inside, "masking", masking, madeFrom);
    return { data: { ...masking, updated_at }, audit: { action: "masking.change", detail: masking } };
  });
  await runtime.settings.forget();
  return saved;
});
