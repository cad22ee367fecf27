import { getThemeColor, Text, UnstyledButton, useMantineTheme } from "@mantine/core";
import type { MouseEvent } from "react";
import { plainText } from "@/components/shared/plain-text";
import classes from "./charts.module.css";
import type { DrawnSeries } from "./drawn-series";

type ChartLegendProps = {
  series: readonly DrawnSeries[];
  /** Names; null shows all. */
  shown: readonly string[] | null;
  setShown(shown: readonly string[] | null): void;
};

/** Names of the series. One that is pressed is shown alone, and with Shift, Control or Command comes or goes beside the others. */
export function ChartLegend({ series, shown, setShown }: ChartLegendProps) {
  const theme = useMantineTheme();
  const names = series.map(({ name }) => name);
  const visible = shownNames(names, shown);
  const press = (name: string, { shiftKey, ctrlKey, metaKey }: MouseEvent) => {
    const isAlone = visible.length === 1 && visible[0] === name;
    const next =
      shiftKey || ctrlKey || metaKey
        ? names.filter((other) => visible.includes(other) !== (other === name))
        : isAlone
          ? names
          : [name];
    // None is all: an empty chart helps nobody.
    setShown(next.length === 0 || next.length === names.length ? null : next);
  };
  return (
    <ul aria-label="Series" className={classes.legend}>
      {series.map(({ key, name, colour }) => (
        <li key={key}>
          <UnstyledButton
            className={classes.legendItem}
            aria-pressed={visible.includes(name)}
            title="Shows it alone, or all again; with Shift it comes and goes beside the others"
            onClick={(event) => press(name, event)}
          >
            <span className={classes.swatch} style={{ background: getThemeColor(colour, theme) }} />
            <Text span inherit truncate maw={260}>
              {plainText(name)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

/** Those of the names that are shown: all where none of them is. */
export function shownNames(names: readonly string[], shown: readonly string[] | null): readonly string[] {
  const known = shown === null ? [] : names.filter((name) => shown.includes(name));
  return known.length === 0 ? names : known;
}
