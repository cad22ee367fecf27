import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { uuidParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { audited } from "@/core/access/audit/audited";
import { invite } from "@/core/access/invitations/invite";
import { listInvitations } from "@/core/access/invitations/list-invitations";
import { mailInvitation } from "@/core/access/invitations/mail-invitation";
import { withdrawInvitation } from "@/core/access/invitations/withdraw-invitation";
import { inviteInputSchema, type NewInvitation } from "@/core/access/schemas";

export const GET = apiRoute("administer", async (_request, runtime) => ({ data: await listInvitations(runtime) }));

/** Makes a link, which is told only here. */
export const POST = apiRoute("administer", async (request, runtime, asked) => {
  const { email: invitedBy } = requireUserPrincipal(asked.principal);
  const input = await parseBody(request, inviteInputSchema);
  const { invitation } = await audited(runtime, asked, async (inside) => {
    const invitation = await invite(inside, input, invitedBy);
    const { email, role } = invitation;
    return { invitation, audit: { action: "user.invite", target: email, detail: { role } } };
  });
  const data: NewInvitation = { ...invitation, mailed: await mailInvitation(runtime, invitation, invitedBy) };
  return { status: 201, data };
});

export const DELETE = apiRoute("administer", async (request, runtime, asked) => {
  const { id } = parseQuery(request, z.strictObject({ id: uuidParameter }));
  return audited(runtime, asked, async (inside) => {
    const data = await withdrawInvitation(inside, id);
    return { data, audit: { action: "user.withdraw_invitation", target: data.email } };
  });
});
