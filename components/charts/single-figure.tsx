import { Sparkline } from "@mantine/charts";
import { UnstyledButton } from "@mantine/core";
import { CutNote } from "@/components/shared/cut-note";
import { plainText } from "@/components/shared/plain-text";
import type { Unit } from "@/core/charts/chart-options";
import classes from "./charts.module.css";
import { formatUnit } from "./format-unit";
import { LatestNote } from "./latest-note";
import type { LinesOf } from "./lines-of";
import { latestStep, linesBehind, rankedPoints } from "./points";
import type { Shape } from "./shape";

type SingleFigureProps = {
  shape: Shape;
  height: number | "100%";
  title?: string;
  unitOf(measure: string): Unit;
  showLines?(of: LinesOf): void;
};

/** More are a list. */
const MOST_FIGURES = 12;
/** More are smaller. */
const FEW_FIGURES = 4;

type Figure = { key: string; name: string; value: number | null; unit: Unit; lines: LinesOf | null; course: number[] };

/** Numbers that are read from afar: each measure of all, or one measure of each group. */
export function SingleFigure({ shape, height, title, unitOf, showLines }: SingleFigureProps) {
  const { figures, total } = figuresOf(shape, unitOf);
  return (
    <figure
      className={classes.figures}
      style={height === "100%" ? { height } : { minHeight: Math.min(height, 120) }}
      aria-label={title ?? shape.measures.join(", ")}
    >
      <LatestNote shape={shape} />
      <dl className={classes.figureList} data-many={figures.length > FEW_FIGURES || undefined}>
        {figures.map(({ key, name, value, unit, lines, course }) => {
          const text = value === null ? "none" : formatUnit(value, unit);
          return (
            <div key={key} className={classes.figure}>
              <dt>{plainText(name)}</dt>
              <dd title={value === null ? undefined : String(value)}>
                {lines && showLines ? (
                  <UnstyledButton
                    aria-label={`${text}: its lines`}
                    className={classes.figureLines}
                    onClick={() => showLines(lines)}
                  >
                    {text}
                  </UnstyledButton>
                ) : (
                  text
                )}
              </dd>
              {course.length > 1 && (
                <Sparkline h={28} data={course} color="teal.6" fillOpacity={0.2} inert aria-hidden />
              )}
            </div>
          );
        })}
      </dl>
      {total > figures.length && <CutNote shown={figures.length} total={total} of="figures" />}
    </figure>
  );
}

/** The first of them, as each takes work, and how many there are. */
function figuresOf(shape: Shape, unitOf: SingleFigureProps["unitOf"]): { figures: Figure[]; total: number } {
  const { series, steps, isOverTime, isGrouped, axis, measures } = shape;
  const [measure = ""] = measures;
  if (!isOverTime && axis !== null) {
    const points = rankedPoints(shape);
    const figures = points.slice(0, MOST_FIGURES).map((point) => ({ ...point, unit: unitOf(measure), course: [] }));
    return { figures, total: points.length + shape.hiddenPoints };
  }
  const place = isOverTime ? latestStep(shape) : 0;
  const step = place === null ? undefined : steps[place];
  const figures = series.slice(0, MOST_FIGURES).map((one) => ({
    key: one.key,
    name: one.name,
    value: place === null ? null : (one.values[place] ?? null),
    unit: unitOf(isGrouped ? measure : one.name),
    lines: step ? linesBehind(one, step) : null,
    course: isOverTime ? one.values.flatMap((value) => value ?? []) : [],
  }));
  return { figures, total: series.length };
}
