"use client";

import { Group, Pagination, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useServices } from "@/components/api/use-services";
import { countOf } from "@/components/shared/format";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
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

const TYPING_MS = 200;

/** All services, a page at a time: searched and sorted where the counts are. @param first the page that the Overview has live */
export function ServicesSection({ range, first }: { range: TimeRange; first: ServiceList }) {
  const [{ services: search, sort, page }, setState] = useQueryStates(STATE);
  const [typed] = useDebouncedValue(search, TYPING_MS);
  const isFirst = typed === "" && sort === "attention" && page <= 1;
  const query = new URLSearchParams({
    timeRange: range,
    search: typed,
    sort,
    limit: String(LIMITS.servicesPage),
    offset: String((Math.max(page, 1) - 1) * LIMITS.servicesPage),
  });
  const { data, error } = useServices(query, isFirst ? first : undefined, isFirst);
  const list = isFirst ? first : data;
  const pages = Math.ceil((list?.total ?? 0) / LIMITS.servicesPage);
  return (
    <Section title="Services">
      <Stack gap="sm">
        <Group gap="sm">
          <TextInput
            aria-label="Search services"
            placeholder="part of a name"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={(event) => setState({ services: event.currentTarget.value, page: 1 })}
          />
          <Select
            aria-label="Order of services"
            allowDeselect={false}
            w={210}
            data={SERVICE_ORDERS.map((value) => ({ value, label: ORDER_LABELS[value] }))}
            value={sort}
            onChange={(value) => setState({ sort: SERVICE_ORDERS.find((known) => known === value) ?? null, page: 1 })}
          />
          <Text size="sm" c="dimmed" role="status">
            {list && countOf(list.total, "service")}
          </Text>
        </Group>
        <StaleNotice error={isFirst ? null : error} />
        {list && <ServicesTable services={list.services} />}
        {pages > 1 && (
          <Pagination
            total={pages}
            value={page}
            onChange={(next) => setState({ page: next })}
            getControlProps={(control) => ({ "aria-label": `${control} page` })}
            getItemProps={(number) => ({ "aria-label": `page ${number}` })}
          />
        )}
      </Stack>
    </Section>
  );
}
