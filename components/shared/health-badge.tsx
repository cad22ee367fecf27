import { Badge } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { HealthStatus } from "@/core/stats/schemas";

const LOOKS = {
  OK: { color: "teal", icon: IconCircleCheck },
  Warning: { color: "yellow", icon: IconAlertTriangle },
  Error: { color: "red", icon: IconCircleX },
} as const;

export function HealthBadge({ status }: { status: HealthStatus }) {
  const { color, icon: Icon } = LOOKS[status];
  return (
    <Badge color={color} variant="light" tt="none" leftSection={<Icon size={14} aria-hidden />} autoContrast>
      {status}
    </Badge>
  );
}
