import { Text } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { leftOutOf } from "./left-out-of";

/** Tells what of a table is not there. */
export function LeftOut({ data }: { data: StatsAnswer }) {
  return leftOutOf(data).map((sentence) => (
    <Text key={sentence} size="xs" c="dimmed">
      {plainText(sentence)}
    </Text>
  ));
}
