import { Anchor, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { type Column, DataTable } from "@/components/shared/data-table";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import { plainText } from "@/components/shared/plain-text";
import { servicePath } from "@/components/shared/service-path";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { incidentPath } from "@/core/alerts/incidents/incident-path";
import { formatValue } from "@/core/alerts/queries/describe-watch";
import type { Incident } from "@/core/alerts/schemas";
import { groupText, StateBadge, titleOf, UntoldBadge } from "./incident-badges";

const COLUMNS: readonly Column<Incident>[] = [
  {
    label: "Incident",
    cell: (incident) => (
      <Stack gap={2} align="start">
        <Anchor component={Link} href={incidentPath(incident.id)} fw={600}>
          {titleOf(incident)}
        </Anchor>
        {incident.template !== null && <Message text={incident.template} />}
        {incident.watched !== null && <Text size="sm">{groupText(incident) || incident.watched.condition}</Text>}
      </Stack>
    ),
  },
  {
    label: "Service",
    cell: ({ service }) =>
      service === EVERY_SERVICE ? (
        ""
      ) : (
        <Anchor component={Link} href={servicePath(service)} size="sm">
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
    label: "Peak",
    align: "right",
    cell: ({ peak_count, threshold_value, watched }) =>
      peak_count === null
        ? ""
        : `${formatValue(peak_count)} ${watched?.comparison ?? ">"} ${formatValue(threshold_value ?? 0)}`,
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
