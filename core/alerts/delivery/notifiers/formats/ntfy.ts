import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { type Format, linksOf, topLines } from "./format";

const PRIORITIES = { critical: 5, error: 4, warning: 3, info: 2 } as const;
const TAGS = {
  critical: "rotating_light",
  error: "rotating_light",
  warning: "warning",
  info: "information_source",
} as const;

/**
 * https://docs.ntfy.sh/publish/#publish-as-json: the address is that of the topic, such as https://ntfy.sh/my-topic, and the secret an
 * access token if the server wants one. JSON goes to the server's root; a message of more than 4,096 bytes would become a file.
 */
export const ntfy: Format = (message, { url: text, secret }) => {
  const url = new URL(text);
  const folders = url.pathname.split("/").filter((part) => part !== "");
  const topic = decodeURIComponent(folders.pop() ?? "");
  url.pathname = `/${folders.join("/")}`;
  const lines = [...factsOf(message).map(([label, value]) => `${label}: ${value}`), ...topLines(message)];
  const body = {
    topic,
    title: cutText(headlineOf(message), 250),
    message: cutText(lines.join("\n") || headlineOf(message), 1_300),
    priority: message.kind === "resolved" ? 3 : PRIORITIES[message.severity],
    tags: [message.kind === "resolved" ? "white_check_mark" : TAGS[message.severity]],
    click: message.incident_url,
    actions: linksOf(message).map(({ href, text: label }) => ({ action: "view", label, url: href })),
  };
  const headers: Record<string, string> = secret === null ? {} : { authorization: `Bearer ${secret}` };
  return { url: url.href, headers, body, isSigned: false };
};
