import { Badge } from "@mantine/core";
import { IconBell, IconBellOff, IconCircleCheck, IconUserCheck } from "@tabler/icons-react";
import { plainText } from "@/components/shared/plain-text";
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

export const SEVERITY_COLOURS = { info: "blue", warning: "yellow", error: "red", critical: "grape" } as const;

type Titled = Pick<Incident, "kind" | "watched">;

/** What an incident is of, in few words: of a query the alert's name. */
export const titleOf = ({ kind, watched }: Titled): string => (watched ? plainText(watched.alert) : KIND_LABELS[kind]);

/** The values that a query's lines are grouped by, such as "service shop, status 500"; empty without groups. */
export const groupText = ({ watched }: Titled): string =>
  Object.entries(watched?.group ?? {})
    .map(([name, value]) => `${name} ${plainText(value)}`)
    .join(", ");
