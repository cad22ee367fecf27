import { Anchor, Group, Stack } from "@mantine/core";
import Link from "next/link";
import { type Column, DataTable } from "@/components/shared/data-table";
import { formatCount } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import { plainText } from "@/components/shared/plain-text";
import { servicePath } from "@/components/shared/service-path";
import { incidentPath } from "@/core/alerts/incidents/incident-path";
import type { Incident } from "@/core/alerts/schemas";
import { KIND_LABELS, StateBadge, UntoldBadge } from "./incident-badges";

const COLUMNS: readonly Column<Incident>[] = [
  {
    label: "Incident",
    cell: ({ id, kind, template }) => (
      <Stack gap={2} align="start">
        <Anchor component={Link} href={incidentPath(id)} fw={600}>
          {KIND_LABELS[kind]}
        </Anchor>
        {template !== null && <Message text={template} />}
      </Stack>
    ),
  },
  {
    label: "Service",
    cell: ({ service }) => (
      <Anchor component={Link} href={servicePath(service)} size="sm" style={{ whiteSpace: "nowrap" }}>
        {plainText(service)}
      </Anchor>
    ),
  },
  {
    label: "State",
    cell: ({ state, notified_at }) => (
      <Group gap={4}>
        <StateBadge state={state} />
        {notified_at === null && <UntoldBadge />}
      </Group>
    ),
  },
  {
    label: "Peak a minute",
    align: "right",
    cell: ({ peak_count, threshold_value }) =>
      peak_count === null ? "" : `${formatCount(peak_count)} > ${formatCount(threshold_value ?? 0)}`,
  },
  { label: "Since", cell: ({ first_at }) => <LocalTime time={first_at} /> },
  { label: "Until", cell: ({ resolved_at }) => (resolved_at === null ? "" : <LocalTime time={resolved_at} />) },
];

export function IncidentsTable({ incidents, empty }: { incidents: readonly Incident[]; empty: string }) {
  return (
    <DataTable
      label="Incidents"
      columns={COLUMNS}
      rows={incidents}
      rowKey={({ id }) => id}
      empty={empty}
      minWidth={760}
    />
  );
}
