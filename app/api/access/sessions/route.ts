import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { audited } from "@/core/access/audit/audited";
import { sessionSchema } from "@/core/access/schemas";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { listSessions } from "@/core/access/sessions/list-sessions";

export const GET = apiRoute(
  { need: "account", summary: "Where one is signed in oneself.", answer: z.array(sessionSchema) },
  async (_request, runtime, { principal }) => ({
    data: await listSessions(runtime, requireUserPrincipal(principal)),
  }),
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
