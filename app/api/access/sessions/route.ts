import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { pageParameters } from "@/app/api/parameters";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { audited } from "@/core/access/audit/audited";
import { sessionSchema } from "@/core/access/schemas";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { listSessions } from "@/core/access/sessions/list-sessions";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "account",
    summary: "Where one is signed in oneself, the newest first.",
    query: z.strictObject(pageParameters(LIMITS.listedSessions)),
    answer: z.array(sessionSchema),
  },
  (_request, runtime, { principal, query }) => listSessions(runtime, requireUserPrincipal(principal), query),
);

export const DELETE = apiRoute(
  { need: "account", summary: "Signs out everywhere, here too.", answer: z.object({ ended: z.number() }) },
  async (_request, runtime, asked) => {
    const { id } = requireUserPrincipal(asked.principal);
    return audited(runtime, asked, async (inside) => {
      const ended = await endSessions(inside, id);
      return { data: { ended }, audit: { action: "session.end_all", detail: { ended } } };
    });
  },
);
