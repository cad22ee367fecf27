import type { Mailer } from "./mailer";

/**
 * Sends a plain mail to one address.
 * @param paragraphs of its text
 * @throws Error with what the mail server said
 */
export async function sendMail(
  mailer: Mailer,
  to: string,
  subject: string,
  paragraphs: readonly string[],
): Promise<void> {
  await mailer.transport.sendMail({
    from: mailer.from,
    to,
    subject,
    headers: { "Auto-Submitted": "auto-generated" },
    text: `${paragraphs.join("\n\n")}\n`,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
