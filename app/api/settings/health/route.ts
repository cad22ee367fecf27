import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { getHealth } from "@/core/settings/get-health";
import { healthStateSchema, healthUpdateSchema } from "@/core/settings/schemas";

export const GET = apiRoute(
  { need: "read", summary: "When the Overview shows a service as OK, Warning or Error.", answer: healthStateSchema },
  async (_request, runtime) => ({ data: await getHealth(runtime) }),
);

export const PUT = apiRoute(
  {
    need: "administer",
    summary:
      "Changes all of it: what the body does not name gets its default. With an `updated_at` that is no more it is a 409.",
    body: healthUpdateSchema,
    answer: healthStateSchema,
  },
  async (_request, runtime, asked) => {
    const { updated_at: madeFrom, ...after } = asked.body;
    return audited(runtime, asked, async (inside) => {
      const { updated_at: _, ...before } = await getHealth(inside);
      const updated_at = await changeSetting(inside, "health", after, madeFrom);
      return { data: { ...after, updated_at }, audit: { action: "health.change", detail: { before, after } } };
    });
  },
);
