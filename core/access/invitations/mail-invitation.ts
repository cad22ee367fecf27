import type { AccessContext } from "@/core/access/context";
import type { Invitation } from "@/core/access/schemas";
import type { Logger } from "@/core/logger";
import { sendMail } from "@/core/mail/send-mail";

/** Mails the link of an invitation where mail is sent. @returns whether it was; else somebody hands it over */
export async function mailInvitation(
  { mailer, logger }: Pick<AccessContext, "mailer"> & { logger: Logger },
  { email, link }: Pick<Invitation, "email"> & { link: string },
  invitedBy: string,
): Promise<boolean> {
  if (!mailer) return false;
  const text = [`${invitedBy} invites you to Cordwood. This link makes your account, within a week and once:`, link];
  try {
    await sendMail(mailer, email, "You are invited to Cordwood", text);
    return true;
  } catch (error) {
    logger.warn({ error }, "an invitation could not be mailed");
    return false;
  }
}
