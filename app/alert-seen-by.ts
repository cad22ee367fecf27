import { may } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import { hideWebhookUrl, type Telling } from "@/core/alerts/configs/hide-webhook-url";

/** Alerts as somebody may see them: who may not change them sees no secrets of those who are told. */
export function alertSeenBy(principal: Principal | null): <Alert extends Telling>(alert: Alert) => Alert {
  const mayChange = principal !== null && may(principal, "change alerts");
  return (alert) => (mayChange ? alert : hideWebhookUrl(alert));
}
