import { Text } from "@mantine/core";
import { useClocks } from "@/components/time-zone/time-zone";
import { latestOf } from "./points";
import type { Shape } from "./shape";

/** Of which step single values of a course are. */
export function LatestNote({ shape: { isOverTime, series, steps } }: { shape: Shape }) {
  const { format } = useClocks();
  const [first] = series;
  const step = isOverTime && first ? steps[latestOf(first, steps) ?? -1] : undefined;
  if (!step?.time) return null;
  return (
    <Text size="xs" c="dimmed">
      From {format(step.time.from, "MMM d HH:mm:ss")} to {format(step.time.to, "HH:mm:ss")}
    </Text>
  );
}
