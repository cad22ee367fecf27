import { apiRoute } from "@/app/api/api-route";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { audited } from "@/core/access/audit/audited";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { listSessions } from "@/core/access/sessions/list-sessions";

/** Where one is signed in oneself. */
export const GET = apiRoute("account", async (_request, runtime, { principal }) => ({
  data: await listSessions(runtime, requireUserPrincipal(principal)),
}));

/** Signs out everywhere, here too. */
export const DELETE = apiRoute("account", async (_request, runtime, asked) => {
  const { id } = requireUserPrincipal(asked.principal);
  return audited(runtime, asked, async (inside) => {
    const ended = await endSessions(inside, id);
    return { data: { ended }, audit: { action: "session.end_all", detail: { ended } } };
  });
});
