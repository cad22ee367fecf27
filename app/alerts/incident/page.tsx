import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { idParameter } from "@/app/api/parameters";
import { orNotFound } from "@/app/or-not-found";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { IncidentPage } from "@/components/alerts/incident-page";
import { getIncident } from "@/core/alerts/incidents/get-incident";
import { incidentPath } from "@/core/alerts/incidents/incident-path";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Incident" };

export default pageFor("read alerts", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const id = idParameter.safeParse((await searchParams).id);
  if (!id.success) notFound();
  const incident = await orNotFound(getIncident(getRuntime(), id.data));
  if (incident.id !== id.data) redirect(incidentPath(incident.id));
  return <IncidentPage key={id.data} initial={incident} />;
});
