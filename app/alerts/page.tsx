import type { Metadata } from "next";
import { connection } from "next/server";
import { AlertsPage } from "@/components/alerts/alerts-page";
import { listConfigs } from "@/core/alerts/configs/list-configs";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Alerts" };

const SHOWN = 100;

export default async function Page() {
  await connection();
  const runtime = getRuntime();
  const [configs, incidents] = await Promise.all([listConfigs(runtime), listIncidents(runtime, { limit: SHOWN })]);
  return <AlertsPage initial={{ configs, incidents, mailReady: runtime.mailer !== null }} />;
}
