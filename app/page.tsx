import { pageFor } from "@/app/page-for";
import { rangeOf, type SearchParameters } from "@/app/search-parameters";
import { sendingPlaceOf } from "@/app/sending-place";
import { OverviewPage } from "@/components/overview/overview-page";
import { getRuntime } from "@/core/runtime";
import { getOverview } from "@/core/stats/get-overview";

export default pageFor("read", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const range = await rangeOf(searchParams);
  return <OverviewPage initial={await getOverview(getRuntime(), range)} place={await sendingPlaceOf()} />;
});
