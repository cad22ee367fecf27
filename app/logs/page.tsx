import type { Metadata } from "next";
import { connection } from "next/server";
import { LogsPage } from "@/components/logs/logs-page";
import { getRuntime } from "@/core/runtime";
import { getSeen } from "@/core/stats/get-seen";

export const metadata: Metadata = { title: "Logs" };

export default async function Page() {
  await connection();
  const { db, clock } = getRuntime();
  return <LogsPage services={[...(await getSeen(db)).keys()]} startedMs={clock.now().getTime()} />;
}
