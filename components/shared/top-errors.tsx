import { Text } from "@mantine/core";
import type { TopErrorMessage } from "@/core/stats/schemas";
import { type Column, DataTable } from "./data-table";
import { formatCount } from "./format";
import { LevelBadge } from "./level-badge";
import { LocalTime } from "./local-time";
import { PatternMessage } from "./pattern-message";
import { ServiceLink } from "./service-link";

const SERVICE: Column<TopErrorMessage> = {
  label: "Service",
  cell: ({ service }) => <ServiceLink service={service} size="sm" />,
};

const columns = (withService: boolean): Column<TopErrorMessage>[] => [
  { label: "Count", align: "right", cell: ({ count }) => <Text fw={600}>{formatCount(count)}</Text> },
  { label: "Message", cell: (error) => <PatternMessage {...error} /> },
  ...(withService ? [SERVICE] : []),
  { label: "Level", cell: ({ level }) => <LevelBadge level={level} /> },
  { label: "Last seen", cell: (error) => <LocalTime time={error.last_seen} /> },
];

type TopErrorsProps = { errors: readonly TopErrorMessage[]; withService?: boolean };

export function TopErrors({ errors, withService = true }: TopErrorsProps) {
  return (
    <DataTable
      label="Top errors"
      columns={columns(withService)}
      rows={errors}
      rowKey={(error) => `${error.service}\n${error.level}\n${error.pattern}`}
      empty="No errors in this time range."
      minWidth={640}
    />
  );
}
