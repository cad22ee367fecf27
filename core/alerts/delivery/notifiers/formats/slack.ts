import { factsOf, headlineOf } from "../../alert-message";
import { cut, linksOf, signedBody, topLines } from "./format";

/** Slack reads &, < and > as its own marks: https://docs.slack.dev/messaging/formatting-message-text */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A section takes 3,000 characters; what is cut must not end within a mark, so there is room for it. */
const SECTION_CHARACTERS = 2_900;

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const bold = (text: string) => `*${cut(text.replaceAll("*", "∗"), SECTION_CHARACTERS)}*`;
const code = (text: string) => `\`\`\`${cut(text.replaceAll("```", "'''"), SECTION_CHARACTERS)}\`\`\``;

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack = signedBody((message) => {
  const headline = escaped(headlineOf(message));
  const facts = factsOf(message).map(([label, value]) => `${label}: ${escaped(value)}`);
  return {
    text: headline,
    blocks: [
      section(bold(headline)),
      ...(facts.length > 0 ? [section(cut(facts.join("\n"), SECTION_CHARACTERS))] : []),
      ...(message.top_messages.length > 0 ? [section(code(escaped(topLines(message).join("\n"))))] : []),
      section(
        linksOf(message)
          .map(({ href, text }) => `<${escaped(href)}|${text}>`)
          .join(" · "),
      ),
    ],
  };
});
