import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { LogsPage } from "@/components/logs/logs-page";
import { getRuntime } from "@/core/runtime";
import { getSeen } from "@/core/stats/get-seen";

export const metadata: Metadata = { title: "Logs" };

export default pageFor("read", async () => {
  const { db, clock } = getRuntime();
  return <LogsPage services={[...(await getSeen(db)).keys()]} startedMs={clock.now().getTime()} />;
});
