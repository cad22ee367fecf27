import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { createResetLink } from "@/core/access/users/create-reset-link";

/** Makes a link by which a user sets a new password, to hand over. */
export const POST = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, z.strictObject({ id: opaqueIdParameter }));
  return audited(runtime, asked, async (inside) => {
    const { user, link } = await createResetLink(inside, id);
    return { status: 201, data: { link }, audit: { action: "user.reset_link", target: user.email } };
  });
});
