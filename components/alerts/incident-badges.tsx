import { Badge } from "@mantine/core";
import { IconBell, IconBellOff, IconCircleCheck, IconUserCheck } from "@tabler/icons-react";
import type { Incident, IncidentKind } from "@/core/alerts/schemas";

const STATES = {
  open: { color: "red", icon: IconBell },
  acknowledged: { color: "yellow", icon: IconUserCheck },
  resolved: { color: "teal", icon: IconCircleCheck },
} as const;

export function StateBadge({ state }: { state: Incident["state"] }) {
  const { color, icon: Icon } = STATES[state];
  return (
    <Badge color={color} variant="light" tt="none" leftSection={<Icon size={14} aria-hidden />}>
      {state}
    </Badge>
  );
}

export const KIND_LABELS: Readonly<Record<IncidentKind, string>> = {
  error: "Too many errors",
  warning: "Too many warnings",
  absence: "No logs",
  pattern: "Frequent error",
  new_pattern: "New error",
  query: "Query",
};

/** Nobody was told: it is silenced, or there is nobody to tell. */
export function UntoldBadge() {
  return (
    <Badge color="gray" variant="light" tt="none" leftSection={<IconBellOff size={14} aria-hidden />}>
      nobody told
    </Badge>
  );
}
