import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { requireUser } from "@/core/access/users/require-user";

export const DELETE = apiRoute(
  {
    need: "administer",
    summary: "Signs a user out everywhere.",
    query: z.strictObject({ id: opaqueIdParameter }),
    answer: z.object({ ended: z.number() }),
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const { email } = await requireUser(inside.db, id);
      const ended = await endSessions(inside, id);
      return { data: { ended }, audit: { action: "user.end_sessions", target: email, detail: { ended } } };
    });
  },
);
