import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { escapeHtml } from "../escape-html";
import { type Format, linksOf, topLines } from "./format";

/**
 * https://core.telegram.org/bots/api#sendmessage: the address is https://api.telegram.org/bot<token>/sendMessage?chat_id=<chat>, also
 * with message_thread_id for a topic of a group. The text is in its kind of HTML, and has 4,096 characters. Links stand in it: buttons would only take public addresses.
 */
export const telegram: Format = (message, { url: text }) => {
  const url = new URL(text);
  const thread = Number(url.searchParams.get("message_thread_id") ?? Number.NaN);
  const body = {
    chat_id: url.searchParams.get("chat_id") ?? "",
    ...(Number.isInteger(thread) ? { message_thread_id: thread } : {}),
    text: [
      `<b>${escapeHtml(cutText(headlineOf(message), 500))}</b>`,
      ...factsOf(message).map(([label, value]) => `${label}: ${escapeHtml(cutText(value, 200))}`),
      ...(message.top_messages.length > 0
        ? [`<pre>${escapeHtml(cutText(topLines(message).join("\n"), 1_500))}</pre>`]
        : []),
      linksOf(message)
        .map(({ href, text: label }) => `<a href="${escapeHtml(href)}">${label}</a>`)
        .join(" · "),
    ].join("\n"),
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    disable_notification: message.severity === "info",
  };
  url.search = "";
  return { url: url.href, headers: {}, body, isSigned: false };
};
