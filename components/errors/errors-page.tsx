"use client";

import { Group, SegmentedControl, Stack, Switch } from "@mantine/core";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { usePatternCount, usePatterns } from "@/components/api/use-patterns";
import { CutNote } from "@/components/shared/cut-note";
import { LiveBadge } from "@/components/shared/live-badge";
import { Loaded } from "@/components/shared/loaded";
import { PageTitle } from "@/components/shared/page-title";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { Section } from "@/components/shared/section";
import { ServiceSelect } from "@/components/shared/service-select";
import { StaleNotice } from "@/components/shared/stale-notice";
import { LIMITS } from "@/core/limits";
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

/** Says that there are more than are shown. */
const ONE_MORE = String(LIMITS.errorPatterns + 1);

/** What is wrong, as the problems that it is, however many lines they make. */
export function ErrorsPage() {
  const [range] = useRange();
  const [{ order, level, service, muted }, setFilters] = useQueryStates(FILTERS);
  const query = new URLSearchParams({ timeRange: range, order, level, muted: muted ? "1" : "0" });
  if (service !== null) query.set("service", service);
  const listed = new URLSearchParams([...query, ["limit", ONE_MORE]]);
  const { data: patterns, error, state } = usePatterns(listed.toString());
  const isCut = (patterns?.length ?? 0) > LIMITS.errorPatterns;
  const total = usePatternCount(query, isCut);
  const what = level === "error" ? "errors" : "warnings or errors";
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Errors</PageTitle>
          <LiveBadge state={state} />
        </Group>
        <RangeSwitch />
      </Group>
      <Group gap="md">
        <SegmentedControl
          aria-label="Order"
          value={order}
          onChange={(value) => setFilters({ order: PATTERN_ORDERS.find((known) => known === value) ?? null })}
          data={PATTERN_ORDERS.map((value) => ({ value, label: ORDER_LABELS[value] }))}
        />
        <ServiceSelect value={service} onChange={(value) => setFilters({ service: value })} />
        <Switch
          label="Warnings too"
          checked={level === "warning"}
          onChange={(event) => setFilters({ level: event.currentTarget.checked ? "warning" : null })}
        />
        <Switch
          label="Muted"
          checked={muted}
          onChange={(event) => setFilters({ muted: event.currentTarget.checked ? true : null })}
        />
      </Group>
      <StaleNotice error={error} hasData={patterns !== undefined} />
      <Section title={muted ? "Muted patterns" : "Patterns"}>
        <Loaded data={patterns} error={error}>
          {(found) => (
            <>
              <PatternsTable
                patterns={found.slice(0, LIMITS.errorPatterns)}
                empty={muted ? "Nothing is muted in this time range." : `No ${what} in this time range.`}
              />
              {isCut && (
                <CutNote shown={LIMITS.errorPatterns} total={total} of="patterns" by="service, or by a shorter time" />
              )}
            </>
          )}
        </Loaded>
      </Section>
    </Stack>
  );
}
