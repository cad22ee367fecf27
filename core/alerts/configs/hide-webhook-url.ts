import type { Receiver } from "../shared-schemas";

/** A webhook's address without what is secret in it: Slack and others let in whoever knows the path. */
export const hiddenWebhookUrl = (url: string): string => `${new URL(url).origin}/…`;

/** An alert as far as it says who is told. */
export type Telling = { alert_webhook_url?: string | null; receivers: readonly Receiver[] };

/** For one who may read alerts and not change them. */
export const hideWebhookUrl = <Config extends Telling>(config: Config): Config => ({
  ...config,
  ...(config.alert_webhook_url && { alert_webhook_url: hiddenWebhookUrl(config.alert_webhook_url) }),
  receivers: config.receivers.map((receiver) =>
    receiver.channel === "webhook" ? { ...receiver, target: hiddenWebhookUrl(receiver.target) } : receiver,
  ),
});
