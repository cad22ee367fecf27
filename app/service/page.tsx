import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { orNotFound } from "@/app/or-not-found";
import { pageFor } from "@/app/page-for";
import { rangeOf, type SearchParameters } from "@/app/search-parameters";
import { ServicePage } from "@/components/service/service-page";
import { getRuntime } from "@/core/runtime";
import { serviceNameSchema } from "@/core/service-name";
import { getServiceDetail } from "@/core/stats/get-service-detail";

type Props = { searchParams: SearchParameters };

async function nameOf({ searchParams }: Props): Promise<string> {
  const name = serviceNameSchema.safeParse((await searchParams).name);
  return name.success ? name.data : notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await nameOf(props) };
}

export default pageFor("read", async (props: Props) => {
  const service = await nameOf(props);
  const range = await rangeOf(props.searchParams);
  const initial = await orNotFound(getServiceDetail(getRuntime(), service, range));
  return <ServicePage key={service} service={service} initial={initial} />;
});
