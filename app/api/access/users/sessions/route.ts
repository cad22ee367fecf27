import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { requireUser } from "@/core/access/users/require-user";

/** Signs a user out everywhere. */
export const DELETE = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, z.strictObject({ id: opaqueIdParameter }));
  return audited(runtime, asked, async (inside) => {
    const { email } = await requireUser(inside.db, id);
    const ended = await endSessions(inside, id);
    return { data: { ended }, audit: { action: "user.end_sessions", target: email, detail: { ended } } };
  });
});
