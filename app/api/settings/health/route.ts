import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { changeSetting } from "@/core/settings/change-setting";
import { getHealth } from "@/core/settings/get-health";
import { healthSchema } from "@/core/settings/schemas";

/** When the Overview shows a service as OK, Warning or Error. */
export const GET = apiRoute("read", async (_request, runtime) => ({ data: await getHealth(runtime) }));

/** All of it: what the body does not name gets its default. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const data = await parseBody(request, healthSchema);
  await audited(runtime, asked, async (inside) => {
    const before = await getHealth(inside);
    await changeSetting(inside, "health", data);
    return { audit: { action: "health.change", detail: { before, after: data } } };
  });
  return { data };
});
