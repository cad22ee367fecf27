import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { viewerOf } from "@/app/viewer";
import { AlertsPage } from "@/components/alerts/alerts-page";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";
import { LIMITS } from "@/core/limits";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alerts" };

export default pageFor("read alerts", async () => {
  const runtime = getRuntime();
  const [configs, queries, incidents] = await Promise.all([
    listConfigs(runtime),
    listQueryAlerts(runtime),
    // One more than is shown says that there are more.
    listIncidents(runtime, { limit: LIMITS.openIncidents + 1 }),
  ]);
  const { principal } = await viewerOf();
  const mayChange = principal !== null && may(principal, "change alerts");
  return (
    <AlertsPage
      initial={{
        configs: mayChange ? configs : configs.map(hideWebhookUrl),
        queries: mayChange ? queries : queries.map(hideWebhookUrl),
        incidents,
        mailReady: runtime.mailer !== null,
      }}
    />
  );
});
