import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { ErrorsPage } from "@/components/errors/errors-page";
import { getRuntime } from "@/core/runtime";
import { getSeen } from "@/core/stats/get-seen";

export const metadata: Metadata = { title: "Errors" };

export default pageFor("read", async () => {
  return <ErrorsPage services={[...(await getSeen(getRuntime().db)).keys()]} />;
});
