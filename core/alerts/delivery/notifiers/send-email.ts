import { z } from "zod";
import { SECOND_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Mailer } from "@/core/mail/mailer";
import { waitAtMost } from "@/core/wait-at-most";
import { type AlertMessage, factsOf, headlineOf } from "../alert-message";
import { escapeHtml } from "./escape-html";
import { linksOf } from "./formats/format";

/** Addresses that the mail server refused while it took the mail for others, and what it said. */
export type RefusedAddresses = { addresses: string[]; error: string };

/** Of nodemailer's answer; its types leave it open. */
const sentSchema = z.object({
  rejected: z.array(z.string()).default([]),
  rejectedErrors: z.array(z.object({ message: z.string() })).default([]),
});

/**
 * Sends one mail to all addresses. The Message-ID is made of the delivery's id, so a repeat can be recognised.
 * @returns null when it was taken for all of them
 * @throws Error with what the mail server said when it was taken for none, or that it took too long
 */
export async function sendEmail(
  mailer: Mailer,
  to: string,
  message: AlertMessage,
  deliveryId: string,
  withinMs: number = LIMITS.mailMs,
): Promise<RefusedAddresses | null> {
  const sending = mailer.transport.sendMail({
    from: mailer.from,
    to,
    subject: headlineOf(message).replaceAll(/\s+/g, " "),
    messageId: `<${deliveryId}@cordwood>`,
    headers: { "X-Cordwood-Delivery": deliveryId, "Auto-Submitted": "auto-generated" },
    text: textOf(message),
    html: htmlOf(message),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sent = await waitAtMost(
    sending,
    withinMs,
    () => new Error(`the mail server did not take the mail within ${withinMs / SECOND_MS} s`),
  );
  const { rejected, rejectedErrors } = sentSchema.parse(sent);
  if (rejected.length === 0) return null;
  return { addresses: rejected, error: rejectedErrors[0]?.message ?? "refused by the mail server" };
}

function textOf(message: AlertMessage): string {
  const facts = factsOf(message).map(([label, value]) => `${label}: ${value}`);
  const top = message.top_messages.map(({ message: text, count }) => `${String(count).padStart(6)}  ${text}`);
  return [
    headlineOf(message),
    "",
    ...facts,
    ...(top.length > 0 ? ["", "Most frequent in that minute:", ...top] : []),
    "",
    ...linksOf(message).map(({ href, text }) => `${text}: ${href}`),
    "",
  ].join("\n");
}

function htmlOf(message: AlertMessage): string {
  const cell = (text: string, style = "") =>
    `<td style="padding:2px 12px 2px 0;vertical-align:top;${style}">${text}</td>`;
  const facts = factsOf(message).map(
    ([label, value]) => `<tr>${cell(escapeHtml(label))}${cell(escapeHtml(value))}</tr>`,
  );
  const top = message.top_messages.map(
    ({ message: text, count }) =>
      `<tr>${cell(String(count), "text-align:right")}${cell(escapeHtml(text), "font-family:monospace;white-space:pre-wrap")}</tr>`,
  );
  const links = linksOf(message).map(({ href, text }) => `<a href="${escapeHtml(href)}">${text}</a>`);
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif">
<h2 style="margin:0 0 12px">${escapeHtml(headlineOf(message))}</h2>
<table>${facts.join("")}</table>
${top.length > 0 ? `<p>Most frequent in that minute:</p><table>${top.join("")}</table>` : ""}
<p>${links.join(" &middot; ")}</p>
</body></html>`;
}
