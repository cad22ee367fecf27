import { Button, Group, getThemeColor, Popover, Stack, Text, UnstyledButton, useMantineTheme } from "@mantine/core";
import type { ReactNode } from "react";
import { plainText } from "@/components/shared/plain-text";
import classes from "./charts.module.css";
import type { DrawnSeries } from "./drawn-series";
import type { LinesOf } from "./lines-of";
import { linesBehind } from "./points";
import type { Step } from "./shape";
import { bySize, ValueRow, valueText } from "./step-values";

export type Picked = { place: number; step: Step; x: number; y: number };

type PickedStepProps = {
  picked: Picked;
  title: string;
  series: readonly DrawnSeries[];
  format(value: number, series: DrawnSeries): string;
  showLines?(of: LinesOf): void;
  zoom?(from: string, to: string): void;
  close(): void;
};

/** What a step of several series leads to: the lines of each, those of all, and its time. */
export function PickedStep({ picked, title, series, format, showLines, zoom, close }: PickedStepProps) {
  const { place, step, x, y } = picked;
  const theme = useMantineTheme();
  const all = linesBehind(null, step);
  const { time } = step;
  const then = (act: () => void) => {
    close();
    act();
  };
  return (
    <Popover opened onChange={close} position="bottom" trapFocus withArrow shadow="md" withRoles={false}>
      <Popover.Target>
        <span className={classes.picked} style={{ left: x, top: y }} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={plainText(title)} p="xs" maw="calc(100vw - 32px)">
        <Stack gap={4}>
          <Text size="xs" fw={600}>
            {plainText(title)}
          </Text>
          {bySize(series, place).map((one) => (
            <Pick
              key={one.key}
              lines={linesBehind(one, step)}
              showLines={showLines && ((of) => then(() => showLines(of)))}
            >
              <ValueRow name={one.name} colour={getThemeColor(one.colour, theme)}>
                {valueText(one, place, format)}
              </ValueRow>
            </Pick>
          ))}
          <Group gap={4} grow>
            {all && showLines && (
              <Button size="compact-sm" variant="default" onClick={() => then(() => showLines(all))}>
                All lines
              </Button>
            )}
            {time && zoom && (
              <Button size="compact-sm" variant="default" onClick={() => then(() => zoom(time.from, time.to))}>
                Zoom in
              </Button>
            )}
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type PickProps = { lines: LinesOf | null; showLines?(of: LinesOf): void; children: ReactNode };

function Pick({ lines, showLines, children }: PickProps) {
  if (!lines || !showLines) return <div className={classes.pick}>{children}</div>;
  return (
    <UnstyledButton className={classes.pick} title="Its lines" onClick={() => showLines(lines)}>
      {children}
    </UnstyledButton>
  );
}
