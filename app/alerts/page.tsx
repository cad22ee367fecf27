import type { Metadata } from "next";
import { alertSeenBy } from "@/app/alert-seen-by";
import { pageFor } from "@/app/page-for";
import { viewerOf } from "@/app/viewer";
import { AlertsPage } from "@/components/alerts/alerts-page";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { pageOfIncidents } from "@/core/alerts/incidents/list-incidents";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";
import { FIRST_PAGE } from "@/core/page";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alerts" };

export default pageFor("read alerts", async () => {
  const runtime = getRuntime();
  const [configs, queries, incidents] = await Promise.all([
    listConfigs(runtime, FIRST_PAGE),
    listQueryAlerts(runtime, FIRST_PAGE),
    pageOfIncidents(runtime, { unresolved: true }, FIRST_PAGE),
  ]);
  const { principal } = await viewerOf();
  const seen = alertSeenBy(principal);
  return (
    <AlertsPage
      initial={{
        configs: { ...configs, data: configs.data.map(seen) },
        queries: { ...queries, data: queries.data.map(seen) },
        incidents,
        mailReady: runtime.mailer !== null,
      }}
    />
  );
});
