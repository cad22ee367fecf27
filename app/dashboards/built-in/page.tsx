import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { orNotFound } from "@/app/or-not-found";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { BuiltInPage } from "@/components/dashboards/built-in-page";
import { getBuiltIn } from "@/core/dashboards/built-in/offer-built-in";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Dashboard" };

export default pageFor("read", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const { name } = await searchParams;
  if (typeof name !== "string") notFound();
  const { name: title, description, definition } = await orNotFound(getBuiltIn(getRuntime(), name));
  return <BuiltInPage key={name} input={{ name: title, description, definition }} />;
});
