"use client";

import { Group, SegmentedControl, Stack, Switch } from "@mantine/core";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { usePatternPage } from "@/components/api/use-patterns";
import { countOf } from "@/components/shared/format";
import { ListControls } from "@/components/shared/list-controls";
import { LiveBadge } from "@/components/shared/live-badge";
import { Loaded } from "@/components/shared/loaded";
import { PageTitle } from "@/components/shared/page-title";
import { Pages } from "@/components/shared/pages";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { Section } from "@/components/shared/section";
import { ServiceSelect } from "@/components/shared/service-select";
import { StaleNotice } from "@/components/shared/stale-notice";
import { useListPlace } from "@/components/shared/use-list-place";
import { FIRST_PAGE } from "@/core/page";
import { PATTERN_ORDERS, type PatternOrder } from "@/core/patterns/schemas";
import { PatternsTable } from "./patterns-table";

const LEVELS = ["warning", "error"] as const;

const FILTERS = {
  order: parseAsStringLiteral(PATTERN_ORDERS).withDefault("count"),
  level: parseAsStringLiteral(LEVELS).withDefault("error"),
  service: parseAsString,
  muted: parseAsBoolean.withDefault(false),
};

const ORDER_LABELS: Readonly<Record<PatternOrder, string>> = {
  count: "Most frequent",
  newest: "Newest",
  growth: "Growing",
};

/** What is wrong, as the problems that it is, however many lines they make. */
export function ErrorsPage() {
  const [range] = useRange();
  const [{ order, level, service, muted }, setFilters] = useQueryStates(FILTERS);
  const place = useListPlace("page", "search");
  const filter = (filters: Parameters<typeof setFilters>[0]) => {
    void setFilters(filters);
    place.setPage(1);
  };
  const query = new URLSearchParams({ timeRange: range, order, level, muted: muted ? "1" : "0" });
  if (service !== null) query.set("service", service);
  if (place.typed !== "") query.set("search", place.typed);
  const { data: patterns, error, state, isPlaceholderData, total } = usePatternPage(query, place.page);
  const what = level === "error" ? "errors" : "warnings or errors";
  const emptyText = (isSearched: boolean) => {
    if (isSearched) return "No pattern of this time range has this in a message.";
    return muted ? "Nothing is muted in this time range." : `No ${what} in this time range.`;
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Errors</PageTitle>
          <LiveBadge state={state} />
        </Group>
        <RangeSwitch isCounting={isPlaceholderData} />
      </Group>
      <Group gap="md">
        <SegmentedControl
          aria-label="Order"
          value={order}
          onChange={(value) => filter({ order: PATTERN_ORDERS.find((known) => known === value) ?? null })}
          data={PATTERN_ORDERS.map((value) => ({ value, label: ORDER_LABELS[value] }))}
        />
        <ServiceSelect value={service} onChange={(value) => filter({ service: value })} />
        <Switch
          label="Warnings too"
          checked={level === "warning"}
          onChange={(event) => filter({ level: event.currentTarget.checked ? "warning" : null })}
        />
        <Switch
          label="Muted"
          checked={muted}
          onChange={(event) => filter({ muted: event.currentTarget.checked ? true : null })}
        />
      </Group>
      <StaleNotice error={error} hasData={patterns !== undefined} />
      <Section title={muted ? "Muted patterns" : "Patterns"}>
        <Stack gap="sm">
          <ListControls
            of="patterns"
            place={place}
            searchedBy="a message"
            count={total === undefined ? undefined : countOf(total, "pattern")}
          />
          <Loaded data={patterns} error={error}>
            {(shown) => <PatternsTable patterns={shown} empty={emptyText(place.typed !== "")} />}
          </Loaded>
          <Pages
            total={total}
            size={FIRST_PAGE.limit}
            page={place.page}
            isBefore={isPlaceholderData}
            setPage={place.setPage}
          />
        </Stack>
      </Section>
    </Stack>
  );
}
