import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { escapeMarks } from "../escape-html";
import { linksOf, signedBody, topLines } from "./format";

/** A section takes 3,000 characters, of which an escaped one needs up to five; cut before that, so that no mark is halved. */
const PLAIN_CHARACTERS = 580;

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const bold = (text: string) => `*${escapeMarks(cutText(text.replaceAll("*", "\u2217"), PLAIN_CHARACTERS))}*`;
const code = (text: string) => `\`\`\`${escapeMarks(cutText(text.replaceAll("```", "'''"), PLAIN_CHARACTERS))}\`\`\``;

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack = signedBody((message) => {
  const facts = factsOf(message).map(([label, value]) => `${label}: ${value}`);
  return {
    text: escapeMarks(cutText(headlineOf(message), 2_000)),
    // What a line links to is not to be fetched by Slack: https://docs.slack.dev/messaging/unfurling-links-in-messages
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(bold(headlineOf(message))),
      ...(facts.length > 0 ? [section(escapeMarks(cutText(facts.join("\n"), PLAIN_CHARACTERS)))] : []),
      ...(message.top_messages.length > 0 ? [section(code(topLines(message).join("\n")))] : []),
      section(
        linksOf(message)
          .map(({ href, text }) => `<${escapeMarks(href)}|${text}>`)
          .join(" \u00b7 "),
      ),
    ],
  };
});
