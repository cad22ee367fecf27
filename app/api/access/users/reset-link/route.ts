import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { createResetLink } from "@/core/access/users/create-reset-link";

export const POST = apiRoute(
  {
    need: "administer",
    summary: "Makes a link by which a user sets a new password, to hand over.",
    query: z.strictObject({ id: opaqueIdParameter }),
    answer: z.object({ link: z.string() }),
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const { user, link } = await createResetLink(inside, id);
      return { status: 201, data: { link }, audit: { action: "user.reset_link", target: user.email } };
    });
  },
);
