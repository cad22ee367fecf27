"use client";

import { Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { serverClock } from "@/components/api/server-clock";
import { MINUTE_MS } from "@/core/clock";
import { formatSpan } from "./format";

/** Marks an entry whose time is still to come: the clock that wrote it is ahead. Clocks may differ by a minute. */
export function ClockAhead({ time }: { time: string }) {
  const mounted = useMounted();
  const ahead = mounted ? Date.parse(time) - serverClock.nowMs() : 0;
  if (ahead < MINUTE_MS) return null;
  return (
    <Text span size="xs" c="orange" mr={6} style={{ whiteSpace: "nowrap" }}>
      clock ahead by {formatSpan(ahead)}
    </Text>
  );
}
