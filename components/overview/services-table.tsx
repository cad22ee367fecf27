"use client";

import { Sparkline } from "@mantine/charts";
import { type Column, DataTable } from "@/components/shared/data-table";
import { formatCount, formatRate } from "@/components/shared/format";
import { HealthBadge } from "@/components/shared/health-badge";
import { LocalTime } from "@/components/shared/local-time";
import { ServiceLink } from "@/components/shared/service-link";
import { errorsOf } from "@/core/stats/level-counts";
import type { OverviewService } from "@/core/stats/schemas";

const COLUMNS: readonly Column<OverviewService>[] = [
  {
    label: "Service",
    cell: ({ service }) => <ServiceLink service={service} fw={600} />,
  },
  { label: "Last hour", cell: ({ status }) => <HealthBadge status={status} /> },
  {
    label: "Volume",
    cell: ({ totals }) => <Sparkline w={120} h={28} data={totals} color="teal" fillOpacity={0.3} inert />,
  },
  { label: "Entries", align: "right", cell: (row) => formatCount(row.total_count) },
  { label: "Errors", align: "right", cell: (row) => formatCount(errorsOf(row.count_by_level)) },
  { label: "Warnings", align: "right", cell: (row) => formatCount(row.count_by_level.warning) },
  { label: "Error rate", align: "right", cell: (row) => formatRate(row.error_rate) },
  { label: "Last seen", cell: (row) => <LocalTime time={row.last_seen} /> },
];

/** A row per service, in the order of the answer. */
export function ServicesTable({ services }: { services: readonly OverviewService[] }) {
  return (
    <DataTable
      label="Services"
      columns={COLUMNS}
      rows={services}
      rowKey={({ service }) => service}
      minWidth={860}
      empty="No service has this in its name."
    />
  );
}
