import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { patternId } from "@/app/api/parameters";
import { orNotFound } from "@/app/or-not-found";
import { pageFor } from "@/app/page-for";
import { rangeOf, type SearchParameters } from "@/app/search-parameters";
import { PatternPage } from "@/components/errors/pattern-page";
import { getPattern } from "@/core/patterns/get-pattern";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Pattern" };

export default pageFor("read", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const id = patternId.safeParse((await searchParams).id);
  if (!id.success) notFound();
  const detail = await orNotFound(getPattern(getRuntime(), id.data, await rangeOf(searchParams)));
  return <PatternPage key={detail.pattern} initial={detail} />;
});
