import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { uuidParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { invite } from "@/core/access/invitations/invite";
import { listInvitations } from "@/core/access/invitations/list-invitations";
import { withdrawInvitation } from "@/core/access/invitations/withdraw-invitation";
import { inviteInputSchema } from "@/core/access/schemas";

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listInvitations(runtime) }));

/** Makes a link, which is told only here. */
export const POST = apiRoute("administer", async (request, runtime, { principal }) => {
  const { email: invitedBy } = requireUserPrincipal(principal);
  const data = await invite(runtime, await parseBody(request, inviteInputSchema), invitedBy);
  const { email, role } = data;
  return { status: 201, data, audit: { action: "user.invite", target: email, detail: { role } } };
});

export const DELETE = apiRoute("administer", async (request, runtime) => {
  const { id } = parseQuery(request, z.strictObject({ id: uuidParameter }));
  const data = await withdrawInvitation(runtime, id);
  return { data, audit: { action: "user.withdraw_invitation", target: data.email } };
});
