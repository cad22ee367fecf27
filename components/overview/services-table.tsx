"use client";

import { Sparkline } from "@mantine/charts";
import { Anchor, Table } from "@mantine/core";
import Link from "next/link";
import { formatCount, formatRate } from "@/components/shared/format";
import { HealthBadge } from "@/components/shared/health-badge";
import { LocalTime } from "@/components/shared/local-time";
import { servicePath } from "@/components/shared/service-path";
import { errorsOf } from "@/core/stats/level-counts";
import { HEALTH_STATUSES, type OverviewService } from "@/core/stats/schemas";

const severity = ({ status }: OverviewService) => -HEALTH_STATUSES.indexOf(status);

/** A row per service, what needs attention first. */
export function ServicesTable({ services }: { services: readonly OverviewService[] }) {
  const sorted = [...services].sort((a, b) => severity(a) - severity(b) || a.service.localeCompare(b.service));
  return (
    <Table.ScrollContainer
      minWidth={860}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Services" } }}
    >
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Service</Table.Th>
            <Table.Th>Last hour</Table.Th>
            <Table.Th>Volume</Table.Th>
            {["Entries", "Errors", "Warnings", "Error rate"].map((label) => (
              <Table.Th key={label} ta="right">
                {label}
              </Table.Th>
            ))}
            <Table.Th>Last seen</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => (
            <Table.Tr key={row.service}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Anchor component={Link} href={servicePath(row.service)} fw={600}>
                  {row.service}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <HealthBadge status={row.status} />
              </Table.Td>
              <Table.Td>
                <Sparkline w={120} h={28} data={row.totals} color="teal" fillOpacity={0.3} aria-hidden />
              </Table.Td>
              <Table.Td ta="right">{formatCount(row.total_count)}</Table.Td>
              <Table.Td ta="right">{formatCount(errorsOf(row.count_by_level))}</Table.Td>
              <Table.Td ta="right">{formatCount(row.count_by_level.warning)}</Table.Td>
              <Table.Td ta="right">{formatRate(row.error_rate)}</Table.Td>
              <Table.Td>
                <LocalTime time={row.last_seen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
