import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { opaqueIdParameter } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { roleInputSchema, userSchema } from "@/core/access/schemas";
import { changeRole } from "@/core/access/users/change-role";
import { listUsers } from "@/core/access/users/list-users";
import { removeUser } from "@/core/access/users/remove-user";

const querySchema = z.strictObject({ id: opaqueIdParameter });

export const GET = apiRoute(
  { need: "administer", summary: "Everybody who has an account.", answer: z.array(userSchema) },
  async (_request, runtime) => ({ data: await listUsers(runtime) }),
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
