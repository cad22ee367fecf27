import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { ErrorsPage } from "@/components/errors/errors-page";

export const metadata: Metadata = { title: "Errors" };

export default pageFor("read", async () => {
  return <ErrorsPage />;
});
