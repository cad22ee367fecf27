"use client";

import { Text, type TextProps } from "@mantine/core";
import { useClocks, useTimeZone } from "@/components/time-zone/time-zone";

type LocalTimeProps = { time: string; withMilliseconds?: boolean } & TextProps;

/** A time in the zone that pages show; pointed at, in UTC with all its digits. */
export function LocalTime({ time, withMilliseconds = false, ...props }: LocalTimeProps) {
  const { own, zone } = useTimeZone();
  const { format } = useClocks();
  // Until the browser has said its zone, nobody knows which one is meant.
  const suffix = own === null ? ` ${zone}` : "";
  return (
    <Text
      component="time"
      dateTime={time}
      title={time}
      size="sm"
      ff="monospace"
      style={{ whiteSpace: "nowrap" }}
      {...props}
    >
      {format(time, withMilliseconds ? "yyyy-MM-dd HH:mm:ss.SSS" : "yyyy-MM-dd HH:mm:ss")}
      {suffix}
    </Text>
  );
}
