import type { WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { type AlertMessage, factsOf, headlineOf } from "../alert-message";

type Format = (typeof WEBHOOK_FORMATS)[number];

const topLines = ({ top_messages }: AlertMessage) =>
  top_messages.map(({ message, count }) => `${count}x ${message.replaceAll(/\s+/g, " ")}`);

const RED = 0xc92a2a;
const GREEN = 0x2b8a3e;

/** Slack reads &, < and > as its own marks: https://docs.slack.dev/messaging/formatting-message-text */
const slackText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** What each kind of receiver understands; `generic` is Cordwood's own JSON, documented in docs/alerts.md. */
const BODIES: Readonly<Record<Format, (message: AlertMessage, deliveryId: string) => unknown>> = {
  generic: (message, deliveryId) => ({ delivery_id: deliveryId, title: headlineOf(message), ...message }),

  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  slack: (message) => ({
    text: slackText(headlineOf(message)),
    blocks: [
      section(`*${slackText(headlineOf(message))}*`),
      ...(factsOf(message).length > 0
        ? [
            section(
              factsOf(message)
                .map(([label, value]) => `${label}: ${value}`)
                .join("\n"),
            ),
          ]
        : []),
      ...(message.top_messages.length > 0 ? [section(`\`\`\`${slackText(topLines(message).join("\n"))}\`\`\``)] : []),
      section(`<${message.incident_url}|Incident> · <${message.logs_url}|Logs>`),
    ],
  }),

  // https://discord.com/developers/docs/resources/webhook#execute-webhook
  discord: (message) => ({
    content: headlineOf(message).slice(0, 2_000),
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: headlineOf(message).slice(0, 256),
        url: message.incident_url,
        color: message.kind === "resolved" ? GREEN : RED,
        description: topLines(message).join("\n").slice(0, 4_000),
        fields: factsOf(message).map(([name, value]) => ({ name, value, inline: true })),
      },
    ],
  }),

  // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
  teams: (message) => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            { type: "TextBlock", text: headlineOf(message), weight: "Bolder", wrap: true },
            { type: "FactSet", facts: factsOf(message).map(([title, value]) => ({ title, value })) },
            ...topLines(message).map((text) => ({ type: "TextBlock", text, fontType: "Monospace", wrap: true })),
          ],
          actions: [
            { type: "Action.OpenUrl", title: "Incident", url: message.incident_url },
            { type: "Action.OpenUrl", title: "Logs", url: message.logs_url },
          ],
        },
      },
    ],
  }),
};

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text: text.slice(0, 3_000) } });

export const webhookBody = (format: Format, message: AlertMessage, deliveryId: string): string =>
  JSON.stringify(BODIES[format](message, deliveryId));
