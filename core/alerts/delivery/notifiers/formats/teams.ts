import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { linksOf, signedBody, topLines } from "./format";

const COLOURS = { info: "Accent", warning: "Warning", error: "Attention", critical: "Attention" } as const;

/** A line that is shown as it is: in other blocks, facts among them, Teams takes Markdown for what it means, such as links. */
const line = (...runs: Record<string, unknown>[]) => ({
  type: "RichTextBlock",
  inlines: runs.map((run) => ({ type: "TextRun", ...run })),
});

/**
 * A card for a webhook of Teams or of its Workflows, in at most 28 KB:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
export const teams = signedBody((message) => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          line({
            text: cutText(headlineOf(message), 1_000),
            weight: "Bolder",
            color: message.kind === "resolved" ? "Good" : COLOURS[message.severity],
          }),
          ...factsOf(message).map(([title, value]) =>
            line({ text: `${title}: `, weight: "Bolder" }, { text: cutText(value, 500) }),
          ),
          ...topLines(message).map((text) => line({ text: cutText(text, 500), fontType: "Monospace" })),
        ],
        actions: linksOf(message).map(({ href, text }) => ({ type: "Action.OpenUrl", title: text, url: href })),
      },
    },
  ],
}));
