import { Text } from "@mantine/core";
import { useClocks } from "@/components/time-zone/time-zone";
import { latestStep } from "./points";
import type { Shape } from "./shape";

/** Of which step single values of a course are. */
export function LatestNote({ shape }: { shape: Shape }) {
  const { format } = useClocks();
  const step = shape.isOverTime ? shape.steps[latestStep(shape) ?? -1] : undefined;
  if (!step?.time) return null;
  return (
    <Text size="xs" c="dimmed">
      From {format(step.time.from, "MMM d HH:mm:ss")} to {format(step.time.to, "HH:mm:ss")}
    </Text>
  );
}
