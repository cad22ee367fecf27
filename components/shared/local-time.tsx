"use client";

import { Text, type TextProps } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);

type LocalTimeProps = { time: string; withMilliseconds?: boolean } & TextProps;

/** A time in the viewer's zone. The server knows no zone, so the first rendering is in UTC and says so. All its digits on hover. */
export function LocalTime({ time, withMilliseconds = false, ...props }: LocalTimeProps) {
  const mounted = useMounted();
  const format = `YYYY-MM-DD HH:mm:ss${withMilliseconds ? ".SSS" : ""}`;
  const shown = mounted ? dayjs(time).format(format) : `${dayjs.utc(time).format(format)} UTC`;
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
