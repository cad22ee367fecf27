import { Text, UnstyledButton } from "@mantine/core";
import { countOf } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import type { Unit } from "@/core/charts/chart-options";
import classes from "./charts.module.css";
import { formatUnit } from "./format-unit";
import { LatestNote } from "./latest-note";
import type { LinesOf } from "./lines-of";
import { logAxis } from "./log-axis";
import { rankedPoints } from "./points";
import type { Shape } from "./shape";

type TopListProps = {
  shape: Shape;
  isLog: boolean;
  height: number | "100%";
  title?: string;
  unitOf(measure: string): Unit;
  showLines?(of: LinesOf): void;
};

/** Of what is listed; the table has all. */
const MOST_ROWS = 50;

/** Groups by their size, each with a bar. */
export function TopList({ shape, isLog, height, title, unitOf, showLines }: TopListProps) {
  const points = rankedPoints(shape);
  const rows = points.slice(0, MOST_ROWS);
  const more = points.length - rows.length + shape.hiddenPoints;
  const [measure = ""] = shape.measures;
  const unit = unitOf(measure);
  const axis = logAxis(rows.map(({ value }) => value));
  const greatest = Math.max(...rows.map(({ value }) => Math.abs(value)), 0);
  const shareOf = (value: number) =>
    greatest === 0 ? 0 : isLog ? (axis.placeOf(value) ?? 0) / axis.top : Math.abs(value) / greatest;
  return (
    <figure
      className={classes.scrolled}
      style={height === "100%" ? { height } : { maxHeight: height }}
      aria-label={`${title ?? measure}, the greatest first`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
    >
      <LatestNote shape={shape} />
      <ol className={classes.top}>
        {rows.map(({ key, name, value, lines }) => (
          <li key={key} className={classes.topRow}>
            <span className={classes.topBar} style={{ width: `${shareOf(value) * 100}%` }} aria-hidden />
            {lines && showLines ? (
              <UnstyledButton className={classes.topName} title={plainText(name)} onClick={() => showLines(lines)}>
                {plainText(name)}
              </UnstyledButton>
            ) : (
              <span className={classes.topName} title={plainText(name)}>
                {plainText(name)}
              </span>
            )}
            <span className={classes.topValue} title={String(value)}>
              {formatUnit(value, unit)}
            </span>
          </li>
        ))}
      </ol>
      {more > 0 && (
        <Text size="xs" c="dimmed">
          {countOf(more, "more group is", "more groups are")} in the table.
        </Text>
      )}
    </figure>
  );
}
