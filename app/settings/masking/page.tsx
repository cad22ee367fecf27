import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { MaskingPage } from "@/components/settings/masking-page";
import { getRuntime } from "@/core/runtime";
import { listMasked } from "@/core/settings/list-masked";

export const metadata: Metadata = { title: "Masking" };

export default pageFor("administer", async () => {
  const runtime = getRuntime();
  return <MaskingPage initial={{ settings: await runtime.settings.masking(), services: await listMasked(runtime) }} />;
});
