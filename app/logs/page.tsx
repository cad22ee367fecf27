import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { LogsPage } from "@/components/logs/logs-page";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Logs" };

export default pageFor("read", async () => {
  return <LogsPage startedMs={getRuntime().clock.now().getTime()} />;
});
