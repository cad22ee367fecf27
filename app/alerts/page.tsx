import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { viewerOf } from "@/app/viewer";
import { AlertsPage } from "@/components/alerts/alerts-page";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alerts" };

const SHOWN = 100;

export default pageFor("read alerts", async () => {
  const runtime = getRuntime();
  const [configs, incidents] = await Promise.all([listConfigs(runtime), listIncidents(runtime, { limit: SHOWN })]);
  const { principal } = await viewerOf();
  const mayChange = principal !== null && may(principal, "change alerts");
  return (
    <AlertsPage
      initial={{
        configs: mayChange ? configs : configs.map(hideWebhookUrl),
        incidents,
        mailReady: runtime.mailer !== null,
      }}
    />
  );
});
