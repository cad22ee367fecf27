import { getThemeColor, Paper, Text, useMantineTheme } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import classes from "./charts.module.css";
import type { DrawnSeries } from "./drawn-series";

type StepValuesProps = {
  title: string;
  series: readonly DrawnSeries[];
  /** Of the step. */
  place: number;
  /** Then the sum of all is told too. */
  isStacked: boolean;
  format(value: number, series: DrawnSeries): string;
};

/** What every series has at a step, the greatest first. */
export function StepValues({ title, series, place, isStacked, format }: StepValuesProps) {
  const theme = useMantineTheme();
  const [first] = series;
  const sum = series.reduce((all, { values }) => all + (values[place] ?? 0), 0);
  return (
    <Paper withBorder shadow="sm" className={classes.values}>
      <Text size="xs" fw={600}>
        {plainText(title)}
      </Text>
      {bySize(series, place).map((one) => (
        <ValueRow key={one.key} name={one.name} colour={getThemeColor(one.colour, theme)}>
          {valueText(one, place, format)}
        </ValueRow>
      ))}
      {isStacked && first && series.length > 1 && (
        <ValueRow name="all" colour="transparent">
          {format(sum, first)}
        </ValueRow>
      )}
    </Paper>
  );
}

export const bySize = (series: readonly DrawnSeries[], place: number): DrawnSeries[] =>
  series.toSorted(
    (one, other) =>
      (other.values[place] ?? Number.NEGATIVE_INFINITY) - (one.values[place] ?? Number.NEGATIVE_INFINITY) || 0,
  );

export function valueText(one: DrawnSeries, place: number, format: StepValuesProps["format"]): string {
  const value = one.values[place] ?? null;
  return value === null ? "none" : format(value, one);
}

export function ValueRow({ name, colour, children }: { name: string; colour: string; children: string }) {
  return (
    <span className={classes.valueRow}>
      <span className={classes.swatch} style={{ background: colour }} />
      <span className={classes.valueName}>{plainText(name)}</span>
      <span className={classes.value}>{children}</span>
    </span>
  );
}
