"use client";

import { Sparkline } from "@mantine/charts";
import { Stack, Text } from "@mantine/core";
import { type Column, DataTable } from "@/components/shared/data-table";
import { formatCount } from "@/components/shared/format";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { PatternMessage } from "@/components/shared/pattern-message";
import { ServiceLink } from "@/components/shared/service-link";
import type { PatternSummary } from "@/core/patterns/schemas";

const SHOWN_SERVICES = 3;

const COLUMNS: readonly Column<PatternSummary>[] = [
  { label: "Count", align: "right", cell: (row) => <Text fw={600}>{formatCount(row.count)}</Text> },
  { label: "Before", align: "right", cell: (row) => <Change row={row} /> },
  { label: "Pattern", cell: (row) => <PatternMessage {...row} isNew={row.is_new} /> },
  {
    label: "Over time",
    cell: ({ counts }) => <Sparkline w={120} h={28} data={counts} color="orange" fillOpacity={0.3} inert />,
  },
  { label: "Services", cell: ({ services, service_count }) => <Services services={services} total={service_count} /> },
  { label: "Level", cell: ({ level }) => <LevelBadge level={level} /> },
  { label: "Last seen", cell: (row) => <LocalTime time={row.last_seen} /> },
];

export function PatternsTable({ patterns, empty }: { patterns: readonly PatternSummary[]; empty: string }) {
  return (
    <DataTable
      label="Patterns"
      columns={COLUMNS}
      rows={patterns}
      rowKey={({ pattern }) => pattern}
      empty={empty}
      minWidth={1000}
    />
  );
}

/** The count of the period before, and which way it went: by a word too, since an arrow alone says nothing to a screen reader. */
function Change({ row: { count, previous_count } }: { row: PatternSummary }) {
  const word = count > previous_count ? "more now" : count < previous_count ? "fewer now" : "as many now";
  const arrow = count > previous_count ? "↑" : count < previous_count ? "↓" : "=";
  return (
    <Text size="sm" c="dimmed" title={word} style={{ whiteSpace: "nowrap" }}>
      {formatCount(previous_count)} <span aria-hidden>{arrow}</span>
    </Text>
  );
}

function Services({ services, total }: { services: readonly string[]; total: number }) {
  return (
    <Stack gap={0} miw={120}>
      {services.slice(0, SHOWN_SERVICES).map((service) => (
        // As high as a finger needs, since another one stands below.
        <ServiceLink key={service} service={service} size="sm" display="block" lh="24px" />
      ))}
      {total > SHOWN_SERVICES && (
        <Text size="xs" c="dimmed">
          and {formatCount(total - SHOWN_SERVICES)} more
        </Text>
      )}
    </Stack>
  );
}
