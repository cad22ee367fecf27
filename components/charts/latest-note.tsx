import { Text } from "@mantine/core";
import { useClocks } from "@/components/time-zone/time-zone";
import { latestStep } from "./points";
import type { Shape } from "./shape";

/** Of which step single values of a course are. */
export function LatestNote({ shape }: { shape: Shape }) {
  const { format } = useClocks();
  const step = shape.isOverTime ? shape.steps[latestStep(shape) ?? -1] : undefined;
  if (!step?.time) return null;
  const { from, to } = step.time;
  const isOneDay = format(from, "MMM d") === format(to, "MMM d");
  return (
    <Text size="xs" c="dimmed">
      From {format(from, "MMM d HH:mm:ss")} to {format(to, isOneDay ? "HH:mm:ss" : "MMM d HH:mm:ss")}
    </Text>
  );
}
