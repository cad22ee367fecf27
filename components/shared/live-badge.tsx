import { Badge, type MantineColor } from "@mantine/core";
import { IconPlugConnectedX, IconPointFilled, IconRefresh } from "@tabler/icons-react";
import type { LiveState } from "@/components/api/live/messages";

const LOOKS: Readonly<Record<LiveState, { label: string; colour: MantineColor; icon: typeof IconRefresh }>> = {
  connecting: { label: "Connecting", colour: "gray", icon: IconRefresh },
  live: { label: "Live", colour: "teal", icon: IconPointFilled },
  reconnecting: { label: "Reconnecting", colour: "orange", icon: IconRefresh },
  offline: { label: "Offline", colour: "red", icon: IconPlugConnectedX },
};

/** Whether what is shown follows what happens. */
export function LiveBadge({ state }: { state: LiveState }) {
  const { label, colour, icon: Icon } = LOOKS[state];
  return (
    <Badge role="status" variant="light" color={colour} leftSection={<Icon size={12} aria-hidden />}>
      {label}
    </Badge>
  );
}
