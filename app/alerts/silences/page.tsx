import type { Metadata } from "next";
import { connection } from "next/server";
import { SilencesPage } from "@/components/alerts/silences-page";
import { listSilences } from "@/core/alerts/silences/list-silences";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Silences" };

export default async function Page() {
  await connection();
  const runtime = getRuntime();
  return <SilencesPage initial={await listSilences(runtime)} now={runtime.clock.now().getTime()} />;
}
