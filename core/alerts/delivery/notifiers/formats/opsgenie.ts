import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { type Format, incidentKey, linksOf, topLines } from "./format";

const PRIORITIES = { critical: "P1", error: "P2", warning: "P3", info: "P5" } as const;

/**
 * https://docs.opsgenie.com/docs/alert-api, to https://api.opsgenie.com/v2/alerts or where Jira Service Management takes the same: the
 * secret is an integration's API key. The message has 130 characters and the description 15,000; what is over is closed by its alias.
 */
export const opsgenie: Format = (message, { url, secret }, deliveryId) => {
  const headers = { authorization: `GenieKey ${secret ?? ""}` };
  const alias = incidentKey(message, deliveryId);
  if (message.kind === "resolved") {
    return {
      url: closing(url, alias),
      headers,
      body: { source: "Cordwood", note: headlineOf(message) },
      isSigned: false,
    };
  }
  const links = linksOf(message);
  const body = {
    message: cutText(headlineOf(message), 130),
    alias,
    description: cutText(
      [headlineOf(message), "", ...topLines(message), "", ...links.map(({ href, text }) => `${text}: ${href}`)].join(
        "\n",
      ),
      15_000,
    ),
    priority: PRIORITIES[message.severity],
    source: "Cordwood",
    entity: cutText(message.alert ?? message.service, 512),
    tags: ["cordwood", message.incident_kind],
    details: Object.fromEntries([...factsOf(message), ...links.map(({ href, text }) => [text, href])]),
  };
  return { url, headers, body, isSigned: false };
};

function closing(text: string, alias: string): string {
  const url = new URL(text);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${encodeURIComponent(alias)}/close`;
  url.searchParams.set("identifierType", "alias");
  return url.href;
}
