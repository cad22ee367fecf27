import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { ConfigForm } from "@/components/alerts/config-form";
import { findConfig } from "@/core/alerts/configs/get-config";
import { getRuntime } from "@/core/runtime";
import { serviceNameSchema } from "@/core/service-name";

export const metadata: Metadata = { title: "Alert" };

/** Of a service that has an alert, that one; else a new one. */
export default pageFor("change alerts", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const named = serviceNameSchema.safeParse((await searchParams).service);
  const service = named.success ? named.data : "";
  const runtime = getRuntime();
  const config = await findConfig(runtime, service);
  const mailReady = runtime.mailer !== null;
  return <ConfigForm key={service} initial={config} service={service} mailReady={mailReady} />;
});
