import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { serviceParameter } from "@/app/api/parameters";
import { orNotFound } from "@/app/or-not-found";
import { recentOf } from "@/app/recent-entries";
import { rangeOf, type SearchParameters } from "@/app/search-parameters";
import { ServicePage } from "@/components/service/service-page";
import { getRuntime } from "@/core/runtime";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { getTrend } from "@/core/stats/get-trend";

const RECENT = 50;
const TOP_ERRORS = 10;

type Props = { searchParams: SearchParameters };

async function nameOf({ searchParams }: Props): Promise<string> {
  const name = serviceParameter.safeParse((await searchParams).name);
  return name.success ? name.data : notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await nameOf(props) };
}

export default async function Page(props: Props) {
  const service = await nameOf(props);
  const range = await rangeOf(props.searchParams);
  const runtime = getRuntime();
  const [trend, topErrors, entries] = await orNotFound(
    Promise.all([
      getTrend(runtime, service, range),
      getTopErrors(runtime, { range, limit: TOP_ERRORS, service }),
      recentOf(runtime, service, RECENT),
    ]),
  );
  return <ServicePage key={service} service={service} initial={{ trend, topErrors, entries }} />;
}
