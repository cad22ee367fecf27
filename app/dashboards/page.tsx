import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { DashboardsPage } from "@/components/dashboards/dashboards-page";
import { offerBuiltIn } from "@/core/dashboards/built-in/offer-built-in";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Dashboards" };

export default pageFor("read", async () => {
  const offered = await offerBuiltIn(getRuntime());
  return (
    <DashboardsPage
      offered={offered.map(({ key, name, description, fields }) => ({ key, name, description, fields }))}
    />
  );
});
