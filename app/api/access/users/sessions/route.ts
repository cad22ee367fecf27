import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { endSessions } from "@/core/access/sessions/end-sessions";
import { requireUser } from "@/core/access/users/require-user";

/** Signs a user out everywhere. */
export const DELETE = apiRoute("administer", async (request, runtime) => {
  const { id } = parseQuery(request, z.strictObject({ id: opaqueIdParameter }));
  const { email } = await requireUser(runtime.db, id);
  const ended = await endSessions(runtime, id);
  return { data: { ended }, audit: { action: "user.end_sessions", target: email, detail: { ended } } };
});
