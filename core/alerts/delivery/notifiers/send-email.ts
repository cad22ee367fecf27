import { SECOND_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Mailer } from "@/core/mail/mailer";
import { waitAtMost } from "@/core/wait-at-most";
import { type AlertMessage, factsOf, headlineOf } from "../alert-message";
import { escapeHtml } from "./escape-html";

/**
 * Sends one mail to all addresses. The Message-ID is made of the delivery's id, so a repeat can be recognised.
 * @throws Error with what the mail server said, or that it took too long
 */
export async function sendEmail(
  mailer: Mailer,
  to: string,
  message: AlertMessage,
  deliveryId: string,
  withinMs: number = LIMITS.mailMs,
): Promise<void> {
  const sent = mailer.transport.sendMail({
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
  await waitAtMost(
    sent,
    withinMs,
    () => new Error(`the mail server did not take the mail within ${withinMs / SECOND_MS} s`),
  );
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
    `Incident: ${message.incident_url}`,
    `Logs: ${message.logs_url}`,
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
  const link = (url: string, label: string) => `<a href="${escapeHtml(url)}">${label}</a>`;
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif">
<h2 style="margin:0 0 12px">${escapeHtml(headlineOf(message))}</h2>
<table>${facts.join("")}</table>
${top.length > 0 ? `<p>Most frequent in that minute:</p><table>${top.join("")}</table>` : ""}
<p>${link(message.incident_url, "Incident")} &middot; ${link(message.logs_url, "Logs")}</p>
</body></html>`;
}
