/** A webhook's address without what is secret in it: Slack and others let in whoever knows the path. */
export const hiddenWebhookUrl = (url: string): string => `${new URL(url).origin}/…`;

/** For one who may read alerts and not change them. */
export const hideWebhookUrl = <Config extends { alert_webhook_url: string | null }>(config: Config): Config => ({
  ...config,
  alert_webhook_url: config.alert_webhook_url && hiddenWebhookUrl(config.alert_webhook_url),
});
