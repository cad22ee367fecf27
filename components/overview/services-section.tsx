"use client";

import { Stack } from "@mantine/core";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useServices } from "@/components/api/use-services";
import { countOf } from "@/components/shared/format";
import { ListControls } from "@/components/shared/list-controls";
import { Pages } from "@/components/shared/pages";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useTyped } from "@/components/shared/use-typed";
import { LIMITS } from "@/core/limits";
import { SERVICE_ORDERS, type ServiceList, type ServiceOrder } from "@/core/stats/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { ServicesTable } from "./services-table";

const STATE = {
  services: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SERVICE_ORDERS).withDefault("attention"),
  page: parseAsInteger.withDefault(1),
};

const ORDER_LABELS: Readonly<Record<ServiceOrder, string>> = {
  attention: "What needs attention",
  errors: "Most errors",
  volume: "Most entries",
  name: "Name",
  last_seen: "Last seen",
};

/** All services, a page at a time: searched and sorted where the counts are. @param first the page that the Overview has live */
export function ServicesSection({ range, first }: { range: TimeRange; first: ServiceList }) {
  const [{ services: search, sort, page }, setState] = useQueryStates(STATE);
  const typed = useTyped(search);
  const isFirst = typed === "" && sort === "attention" && page <= 1;
  const query = new URLSearchParams({
    timeRange: range,
    search: typed,
    sort,
    limit: String(LIMITS.servicesPage),
    offset: String((Math.max(page, 1) - 1) * LIMITS.servicesPage),
  });
  const { data, error, isPlaceholderData } = useServices(query, isFirst ? first : undefined, isFirst);
  const list = isFirst ? first : data;
  return (
    <Section title="Services">
      <Stack gap="sm">
        <ListControls
          of="services"
          search={search}
          setSearch={(services) => setState({ services, page: 1 })}
          orders={SERVICE_ORDERS}
          labels={ORDER_LABELS}
          sort={sort}
          setSort={(order) => setState({ sort: order, page: 1 })}
          width={210}
          count={list && countOf(list.total, "service")}
        />
        <StaleNotice error={isFirst ? null : error} />
        {list && <ServicesTable services={list.services} />}
        <Pages
          total={list?.total}
          size={LIMITS.servicesPage}
          page={page}
          isBefore={!isFirst && isPlaceholderData}
          setPage={(next, how) => setState({ page: next }, how)}
        />
      </Stack>
    </Section>
  );
}
