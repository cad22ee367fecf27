import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { pageFor } from "@/app/page-for";
import { viewerOf } from "@/app/viewer";
import { SetUpPage } from "@/components/access/set-up-page";

export const metadata: Metadata = { title: "Set up" };

export default pageFor("always", async () => {
  const { mode } = await viewerOf();
  if (mode === "accounts") redirect("/sign-in");
  return <SetUpPage />;
});
