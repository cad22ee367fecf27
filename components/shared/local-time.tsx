"use client";

import { Text, type TextProps } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);

/** A time in the viewer's zone. The server knows no zone, so the first rendering is in UTC and says so. */
export function LocalTime({ time, ...props }: { time: string } & TextProps) {
  const mounted = useMounted();
  const shown = mounted
    ? dayjs(time).format("YYYY-MM-DD HH:mm:ss")
    : `${dayjs.utc(time).format("YYYY-MM-DD HH:mm:ss")} UTC`;
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
      {shown}
    </Text>
  );
}
