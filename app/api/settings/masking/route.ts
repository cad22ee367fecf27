import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { getMasking } from "@/core/settings/get-masking";
import { maskingSavedSchema, maskingStateSchema, maskingUpdateSchema } from "@/core/settings/schemas";

export const GET = apiRoute(
  { need: "administer", summary: "What is masked, and how much it was, by service.", answer: maskingStateSchema },
  async (_request, runtime) => ({ data: await getMasking(runtime) }),
);

export const PUT = apiRoute(
  {
    need: "administer",
    summary:
      "Changes what is masked, for entries from now on, on every instance within seconds. With an `updated_at` that is no more it is a 409.",
    body: maskingUpdateSchema,
    answer: maskingSavedSchema,
  },
  async (_request, runtime, asked) => {
    const { updated_at: madeFrom, ...masking } = asked.body;
    const saved = await audited(runtime, asked, async (inside) => {
      const updated_at = await changeSetting(inside, "masking", masking, madeFrom);
      return { data: { ...masking, updated_at }, audit: { action: "masking.change", detail: masking } };
    });
    await runtime.settings.forget();
    return saved;
  },
);
