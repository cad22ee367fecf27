import type { AlertMessage } from "../../alert-message";

/** What a receiver is known by; its secret is open here. */
export type ReceiverAddress = { url: string; secret: string | null };

/** One call, as the receiver's documentation asks for it. */
export type FormattedCall = {
  url: string;
  /** Beside those of JSON. */
  headers: Record<string, string>;
  body: unknown;
  /** The secret signs the call, by the rules of Standard Webhooks; else it is a key that stands in the call. */
  isSigned: boolean;
};

export type Format = (message: AlertMessage, receiver: ReceiverAddress, deliveryId: string) => FormattedCall;

/** For receivers that only want a body. */
export const signedBody =
  (bodyOf: (message: AlertMessage, deliveryId: string) => unknown): Format =>
  (message, { url }, deliveryId) => ({ url, headers: {}, body: bodyOf(message, deliveryId), isSigned: true });

/** What one incident is called at a receiver, so that its end finds its beginning. */
export const incidentKey = ({ incident_id }: AlertMessage, deliveryId: string): string =>
  incident_id === null ? `cordwood-test-${deliveryId}` : `cordwood-incident-${incident_id}`;

/** As lines of text, each with how often it came. */
export const topLines = ({ top_messages }: AlertMessage): string[] =>
  top_messages.map(({ message, count }) => `${count}x ${message.replaceAll(/\s+/g, " ")}`);

/** Where to look further. */
export const linksOf = ({ incident_url, logs_url, runbook_url }: AlertMessage): { href: string; text: string }[] => [
  { href: incident_url, text: "Incident" },
  { href: logs_url, text: "Logs" },
  ...(runbook_url === null ? [] : [{ href: runbook_url, text: "Runbook" }]),
];
