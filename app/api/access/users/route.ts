import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { opaqueIdParameter, searchedPageParameters } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { roleInputSchema, userSchema } from "@/core/access/schemas";
import { changeRole } from "@/core/access/users/change-role";
import { listUsers } from "@/core/access/users/list-users";
import { removeUser } from "@/core/access/users/remove-user";
import { LIMITS } from "@/core/limits";

const querySchema = z.strictObject({ id: opaqueIdParameter });

export const GET = listRoute(
  {
    need: "administer",
    summary: "Who has an account, by name.",
    query: z.strictObject(searchedPageParameters(LIMITS.listedUsers)),
    answer: z.array(userSchema),
  },
  (_request, runtime, { query }) => listUsers(runtime, query),
);

export const PUT = apiRoute(
  {
    need: "administer",
    summary: "Changes a user's role.",
    query: querySchema,
    body: roleInputSchema,
    answer: z.object({ id: z.string(), role: z.string() }),
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    const { role } = asked.body;
    return audited(runtime, asked, async (inside) => {
      const { email, role: before } = await changeRole(inside, id, role);
      return { data: { id, role }, audit: { action: "user.change_role", target: email, detail: { before, role } } };
    });
  },
);

export const DELETE = apiRoute(
  { need: "administer", summary: "Removes a user.", query: querySchema, answer: z.object({ id: z.string() }) },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const { email } = await removeUser(inside, id);
      return { data: { id }, audit: { action: "user.remove", target: email } };
    });
  },
);
