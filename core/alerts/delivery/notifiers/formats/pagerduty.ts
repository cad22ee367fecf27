import { cutText } from "@/core/cut-text";
import { factsOf, headlineOf } from "../../alert-message";
import { type Format, incidentKey, linksOf } from "./format";

/**
 * https://developer.pagerduty.com/docs/send-alert-event, to https://events.pagerduty.com/v2/enqueue: the secret is the integration's
 * key. The summary has 1,024 characters; an event that resolves needs no more than the key by which it was triggered.
 */
export const pagerduty: Format = (message, { url, secret }, deliveryId) => {
  const event = { routing_key: secret ?? "", dedup_key: incidentKey(message, deliveryId) };
  const body =
    message.kind === "resolved"
      ? { ...event, event_action: "resolve" }
      : {
          ...event,
          event_action: "trigger",
          client: "Cordwood",
          client_url: message.incident_url,
          links: linksOf(message),
          payload: {
            summary: cutText(headlineOf(message), 1_024),
            source: message.alert ?? message.service,
            severity: message.severity,
            timestamp: message.last_at,
            component: message.service,
            class: message.incident_kind,
            custom_details: { ...Object.fromEntries(factsOf(message)), top_messages: message.top_messages },
          },
        };
  return { url, headers: {}, body, isSigned: false };
};
