import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { roleInputSchema } from "@/core/access/schemas";
import { changeRole } from "@/core/access/users/change-role";
import { listUsers } from "@/core/access/users/list-users";
import { removeUser } from "@/core/access/users/remove-user";

const querySchema = z.strictObject({ id: opaqueIdParameter });

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listUsers(runtime) }));

/** Changes the role. */
export const PUT = apiRoute("administer", async (request, runtime) => {
  const { id } = parseQuery(request, querySchema);
  const { role } = await parseBody(request, roleInputSchema);
  const { email, role: before } = await changeRole(runtime, id, role);
  return { data: { id, role }, audit: { action: "user.change_role", target: email, detail: { before, role } } };
});

export const DELETE = apiRoute("administer", async (request, runtime) => {
  const { id, email } = await removeUser(runtime, parseQuery(request, querySchema).id);
  return { data: { id }, audit: { action: "user.remove", target: email } };
});
