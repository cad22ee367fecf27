"use client";

import { Stack } from "@mantine/core";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useServices } from "@/components/api/use-services";
import { countOf } from "@/components/shared/format";
import { ListControls } from "@/components/shared/list-controls";
import { OrderSelect } from "@/components/shared/order-select";
import { Pages } from "@/components/shared/pages";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useListPlace } from "@/components/shared/use-list-place";
import { FIRST_PAGE } from "@/core/page";
import { SERVICE_ORDERS, type ServiceList, type ServiceOrder } from "@/core/stats/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { ServicesTable } from "./services-table";

const SORT = parseAsStringLiteral(SERVICE_ORDERS).withDefault("attention");

const ORDER_LABELS: Readonly<Record<ServiceOrder, string>> = {
  attention: "What needs attention",
  errors: "Most errors",
  volume: "Most entries",
  name: "Name",
  last_seen: "Last seen",
};

/** All services, a page at a time: searched and sorted where the counts are. @param first the page that the Overview has live */
export function ServicesSection({ range, first }: { range: TimeRange; first: ServiceList }) {
  const place = useListPlace("page", "services");
  const [sort, setSort] = useQueryState("sort", SORT);
  const isFirst = place.isFirst && sort === "attention";
  const query = new URLSearchParams([...place.query, ["timeRange", range], ["sort", sort]]);
  const { data, error, isPlaceholderData } = useServices(query, isFirst ? first : undefined, isFirst);
  const list = isFirst ? first : data;
  return (
    <Section title="Services">
      <Stack gap="sm">
        <ListControls of="services" place={place} count={list && countOf(list.total, "service")}>
          <OrderSelect
            of="services"
            orders={SERVICE_ORDERS}
            labels={ORDER_LABELS}
            sort={sort}
            setSort={(order) => {
              void setSort(order);
              place.setPage(1);
            }}
            width={210}
          />
        </ListControls>
        <StaleNotice error={isFirst ? null : error} />
        {list && <ServicesTable services={list.services} />}
        <Pages
          total={list?.total}
          size={FIRST_PAGE.limit}
          page={place.page}
          isBefore={!isFirst && isPlaceholderData}
          setPage={place.setPage}
        />
      </Stack>
    </Section>
  );
}
