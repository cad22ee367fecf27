"use client";

import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconClock } from "@tabler/icons-react";
import dayjs from "dayjs";
import { useState } from "react";
import { RELATIVE, type RelativeRange } from "./logs-state";

type TimeRangeProps = {
  window: { from: string; to: string; relative: RelativeRange | null };
  setRelative(range: RelativeRange): void;
  setAbsolute(from: string, to: string): void;
};

const FORMAT = "YYYY-MM-DDTHH:mm:ss";

/** A range that ends now, or one from a time to another, in the viewer's zone. */
export function TimeRange({ window, setRelative, setAbsolute }: TimeRangeProps) {
  const [opened, { toggle, close }] = useDisclosure();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const label =
    window.relative === null
      ? `${dayjs(window.from).format("MMM D HH:mm:ss")} – ${dayjs(window.to).format("MMM D HH:mm:ss")}`
      : RELATIVE[window.relative].label;
  const open = () => {
    setFrom(dayjs(window.from).format(FORMAT));
    setTo(dayjs(window.to).format(FORMAT));
    toggle();
  };
  const isValid = dayjs(from).isValid() && dayjs(from).isBefore(dayjs(to));
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconClock size={16} aria-hidden />}
          onClick={open}
          suppressHydrationWarning
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Group gap={4} maw={320}>
            {(Object.keys(RELATIVE) as RelativeRange[]).map((range) => (
              <Button
                key={range}
                size="compact-sm"
                variant={range === window.relative ? "filled" : "light"}
                onClick={() => {
                  setRelative(range);
                  close();
                }}
              >
                {RELATIVE[range].label}
              </Button>
            ))}
          </Group>
          <TextInput
            type="datetime-local"
            step={1}
            label="From"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            step={1}
            label="To"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button
            disabled={!isValid}
            onClick={() => {
              setAbsolute(dayjs(from).toISOString(), dayjs(to).toISOString());
              close();
            }}
          >
            Use this time
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
