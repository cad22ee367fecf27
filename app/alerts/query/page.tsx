import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { QueryForm } from "@/components/alerts/query-form";
import { listQueryAlerts } from "@/core/alerts/queries/list-query-alerts";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alert" };

/** Of an alert that there is, that one; else a new one, of the query `q` when the way here brought one. */
export default pageFor("change alerts", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const { id, q } = await searchParams;
  const runtime = getRuntime();
  const alerts = await listQueryAlerts(runtime);
  const alert = alerts.find((one) => String(one.id) === id) ?? null;
  const query = typeof q === "string" ? q : "";
  return <QueryForm key={alert?.id ?? query} initial={alert} query={query} mailReady={runtime.mailer !== null} />;
});
