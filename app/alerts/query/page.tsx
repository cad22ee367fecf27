import type { Metadata } from "next";
import { idParameter } from "@/app/api/parameters";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { QueryForm } from "@/components/alerts/query-form";
import { findQueryAlert } from "@/core/alerts/queries/get-query-alert";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alert" };

/** Of an alert that there is, that one; else a new one, of the query `q` when the way here brought one. */
export default pageFor("change alerts", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const { id, q } = await searchParams;
  const runtime = getRuntime();
  const named = idParameter.safeParse(id);
  const alert = named.success ? await findQueryAlert(runtime, named.data) : null;
  const query = typeof q === "string" ? q : "";
  return <QueryForm key={alert?.id ?? query} initial={alert} query={query} mailReady={runtime.mailer !== null} />;
});
