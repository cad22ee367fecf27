"use client";

import { Button, Divider, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconClock } from "@tabler/icons-react";
import { useState } from "react";
import { useClocks } from "@/components/time-zone/time-zone";
import { type NamedRange, readRange } from "@/core/search/named-range";

type TimeRangeProps = {
  /** ISO 8601, from inclusive, to exclusive; `named` when it moves with the clock. */
  window: { from: string; to: string; named: NamedRange | null };
  /** Is given the range's name. */
  setRange(name: string): void;
  setAbsolute(from: string, to: string): void;
  /** Is told when it is opened. */
  onOpen?(): void;
};

const OFFERED = ["15m", "1h", "6h", "1d", "7d", "30d", "today", "yesterday", "this-week"].flatMap(
  (name) => readRange(name) ?? [],
);

/** As inputs of dates and times take it. */
const INPUT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss";
const SHOWN_FORMAT = "MMM d HH:mm:ss";

/** A range that moves with the clock, chosen or typed, or one from a time to another by the clocks that pages show. */
export function TimeRange({ window, onOpen, ...actions }: TimeRangeProps) {
  const [opened, { toggle, close }] = useDisclosure(false, { onOpen });
  const { format } = useClocks();
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconClock size={16} aria-hidden />} onClick={toggle}>
          {window.named?.label ?? `${format(window.from, SHOWN_FORMAT)} – ${format(window.to, SHOWN_FORMAT)}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={330} maw="calc(100vw - 48px)">
          <Typed window={window} {...actions} close={close} />
          <Group gap={4}>
            {OFFERED.map(({ name, label }) => (
              <Button
                key={name}
                size="compact-sm"
                variant={name === window.named?.name ? "filled" : "light"}
                onClick={() => {
                  actions.setRange(name);
                  close();
                }}
              >
                {label}
              </Button>
            ))}
          </Group>
          <Divider />
          <FromTo window={window} {...actions} close={close} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type PartProps = TimeRangeProps & { close(): void };

function Typed({ setRange, close }: PartProps) {
  const [text, setText] = useState("");
  const [isRefused, setRefused] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const range = readRange(text);
        setRefused(range === null);
        if (!range) return;
        setRange(range.name);
        close();
      }}
    >
      <Group gap={4} align="end" wrap="nowrap">
        <TextInput
          flex={1}
          label="Time range"
          placeholder="45m, 3d, yesterday, this week"
          autoComplete="off"
          data-autofocus
          value={text}
          error={isRefused && "must be such as 45m, 1h30m, 3d, today, yesterday, this week or last month"}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setRefused(false);
          }}
        />
        <Button type="submit" variant="default">
          Use
        </Button>
      </Group>
    </form>
  );
}

function FromTo({ window, setAbsolute, close }: PartProps) {
  const { zone, format, momentOf } = useClocks();
  // What nobody changed is the moment that it was: its text has no milliseconds, and twice a year stands for two moments.
  const [shown] = useState(() => [window.from, window.to].map((time) => ({ time, text: format(time, INPUT_FORMAT) })));
  const [from, setFrom] = useState(shown[0]?.text ?? "");
  const [to, setTo] = useState(shown[1]?.text ?? "");
  const [first, last] = [from, to].map((text, place) =>
    text === shown[place]?.text ? new Date(shown[place].time) : momentOf(text),
  );
  const isValid = first && last && first < last;
  return (
    <>
      <TextInput
        type="datetime-local"
        step={1}
        label={`From, in ${zone}`}
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
          if (!isValid) return;
          setAbsolute(first.toISOString(), last.toISOString());
          close();
        }}
      >
        Use this time
      </Button>
    </>
  );
}
