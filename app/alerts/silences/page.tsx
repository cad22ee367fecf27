import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { SilencesPage } from "@/components/alerts/silences-page";
import { listSilences } from "@/core/alerts/silences/list-silences";
import { FIRST_PAGE } from "@/core/page";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Silences" };

export default pageFor("read alerts", async () => {
  const runtime = getRuntime();
  return <SilencesPage initial={await listSilences(runtime, FIRST_PAGE)} now={runtime.clock.now().getTime()} />;
});
