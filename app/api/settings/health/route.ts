import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { getHealth } from "@/core/settings/get-health";
import { healthUpdateSchema } from "@/core/settings/schemas";

/** When the Overview shows a service as OK, Warning or Error. */
export const GET = apiRoute("read", async (_request, runtime) => ({ data: await getHealth(runtime) }));

/** All of it: what the body does not name gets its default. With `updated_at`, of what it was made from, it is a 409 when that is no more. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { updated_at: madeFrom, ...after } = await parseBody(request, healthUpdateSchema);
  return audited(runtime, asked, async (inside) => {
    const { updated_at: _, ...before } = await getHealth(inside);
    const updated_at = await changeSetting(inside, "health", after, madeFrom);
    return { data: { ...after, updated_at }, audit: { action: "health.change", detail: { before, after } } };
  });
});
