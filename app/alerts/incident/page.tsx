import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { idParameter } from "@/app/api/parameters";
import type { SearchParameters } from "@/app/search-parameters";
import { IncidentPage } from "@/components/alerts/incident-page";
import { getIncident } from "@/core/alerts/incidents/get-incident";
import { isFault } from "@/core/errors";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Incident" };

export default async function Page({ searchParams }: { searchParams: SearchParameters }) {
  const id = idParameter.safeParse((await searchParams).id);
  if (!id.success) notFound();
  try {
    return <IncidentPage key={id.data} initial={await getIncident(getRuntime(), id.data)} />;
  } catch (error) {
    if (isFault(error) && error.kind === "not_found") notFound();
    throw error;
  }
}
