import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { idParameter } from "@/app/api/parameters";
import { orNotFound } from "@/app/or-not-found";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { DashboardPage } from "@/components/dashboards/dashboard-page";
import { getDashboard } from "@/core/dashboards/get-dashboard";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Dashboard" };

export default pageFor("read", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const id = idParameter.safeParse((await searchParams).id);
  if (!id.success) notFound();
  const initial = await orNotFound(getDashboard(getRuntime(), id.data));
  return <DashboardPage key={id.data} initial={initial} />;
});
