import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { searchedPageParameters, uuidParameter } from "@/app/api/parameters";
import { requireUserPrincipal } from "@/app/require-user-principal";
import { audited } from "@/core/access/audit/audited";
import { invite } from "@/core/access/invitations/invite";
import { listInvitations } from "@/core/access/invitations/list-invitations";
import { mailInvitation } from "@/core/access/invitations/mail-invitation";
import { withdrawInvitation } from "@/core/access/invitations/withdraw-invitation";
import { invitationSchema, inviteInputSchema, type NewInvitation, newInvitationSchema } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "administer",
    summary: "Invitations that nobody has taken up yet, the oldest first.",
    query: z.strictObject(searchedPageParameters(LIMITS.listedInvitations)),
    answer: z.array(invitationSchema),
  },
  (_request, runtime, { query }) => listInvitations(runtime, query),
);

export const POST = apiRoute(
  {
    need: "administer",
    summary: "Invites somebody: makes a link, which is told only here.",
    body: inviteInputSchema,
    answer: newInvitationSchema,
  },
  async (_request, runtime, asked) => {
    const { email: invitedBy } = requireUserPrincipal(asked.principal);
    const input = asked.body;
    const { invitation } = await audited(runtime, asked, async (inside) => {
      const invitation = await invite(inside, input, invitedBy);
      const { email, role } = invitation;
      return { invitation, audit: { action: "user.invite", target: email, detail: { role } } };
    });
    const data: NewInvitation = { ...invitation, mailed: await mailInvitation(runtime, invitation, invitedBy) };
    return { status: 201, data };
  },
);

export const DELETE = apiRoute(
  {
    need: "administer",
    summary: "Withdraws an invitation.",
    query: z.strictObject({ id: uuidParameter }),
    answer: invitationSchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const data = await withdrawInvitation(inside, id);
      return { data, audit: { action: "user.withdraw_invitation", target: data.email } };
    });
  },
);
