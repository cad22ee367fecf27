import type { Mailer } from "@/core/mail/mailer";
import { sendMail } from "@/core/mail/send-mail";

/** The token stands behind #, which browsers neither send nor tell other sites, so no log has it. */
export const resetLink = (publicUrl: string, token: string) => `${publicUrl}/new-password#${token}`;

/** @throws Error with what the mail server said */
export const sendResetMail = (mailer: Mailer, to: string, link: string): Promise<void> =>
  sendMail(mailer, to, "A new password for Cordwood", [
    "Somebody, most likely you, asked for a new password for Cordwood. This link sets it, within an hour and once:",
    link,
    "If it was not you, there is nothing to do: your password stays as it is.",
  ]);
