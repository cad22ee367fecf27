import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { roleInputSchema } from "@/core/access/schemas";
import { changeRole } from "@/core/access/users/change-role";
import { listUsers } from "@/core/access/users/list-users";
import { removeUser } from "@/core/access/users/remove-user";

const querySchema = z.strictObject({ id: opaqueIdParameter });

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listUsers(runtime) }));

/** Changes the role. */
export const PUT = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  const { role } = await parseBody(request, roleInputSchema);
  return audited(runtime, asked, async (inside) => {
    const { email, role: before } = await changeRole(inside, id, role);
    return { data: { id, role }, audit: { action: "user.change_role", target: email, detail: { before, role } } };
  });
});

export const DELETE = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  return audited(runtime, asked, async (inside) => {
    const { email } = await removeUser(inside, id);
    return { data: { id }, audit: { action: "user.remove", target: email } };
  });
});
