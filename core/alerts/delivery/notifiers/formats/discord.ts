import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { linksOf, signedBody, topLines } from "./format";

const COLOURS = { info: 0x1971c2, warning: 0xe67700, error: 0xc92a2a, critical: 0x862e9c } as const;
const RESOLVED = 0x2b8a3e;

/** Discord reads these as marks, of links and headings among others: https://support.discord.com/hc/articles/210298617 */
const escaped = (text: string) => text.replaceAll(/[\\*_~`|>#[\]<]/g, "\\$&");

/** Between these marks a link is not fetched for a preview, as it is anywhere else in what is no embed. */
const withoutPreviews = (text: string) =>
  text
    .split(/(https?:\/\/[^\s<>()[\]*`|~]+)/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : `<${part}>`))
    .join("");

/** Within it nothing is a mark but its end. */
const code = (text: string) => `\`\`\`\n${cutText(text.replaceAll("```", "'''"), 2_000)}\n\`\`\``;

/**
 * https://discord.com/developers/docs/resources/webhook#execute-webhook: content has 2,000 characters; of an embed the title 256, the
 * description 4,096, a field's name 256 and value 1,024, and all of it together 6,000.
 */
export const discord = signedBody((message) => ({
  content: cutText(withoutPreviews(headlineOf(message)), 2_000),
  allowed_mentions: { parse: [] },
  embeds: [
    {
      title: cutText(escaped(headlineOf(message)), 256),
      url: message.incident_url,
      color: message.kind === "resolved" ? RESOLVED : COLOURS[message.severity],
      description: cutText(
        [
          ...(message.top_messages.length > 0 ? [code(topLines(message).join("\n"))] : []),
          linksOf(message)
            .map(({ href, text }) => `[${text}](${href})`)
            .join(" · "),
        ].join("\n"),
        3_000,
      ),
      fields: factsOf(message).map(([name, value]) => ({
        name: cutText(escaped(name), 256),
        value: cutText(escaped(value), 250),
        inline: true,
      })),
    },
  ],
}));
