import type { LinesOf } from "./lines-of";
import type { Series, Shape, Step } from "./shape";

/** One value of a chart: of a group, or of a series at a step. */
export type Point = { key: string; name: string; value: number; lines: LinesOf | null };

/** What leads to the lines behind a value; null where no query can say it. */
export function linesBehind(series: Pick<Series, "conditions"> | null, step: Step): LinesOf | null {
  if (step.conditions === null || series?.conditions === null) return null;
  return { conditions: [...(series?.conditions ?? []), ...step.conditions], time: step.time };
}

/**
 * The latest step at which there is anything; one that is over, if there is one, since the others are still growing.
 * @returns its place; null when there is none
 */
export function latestStep({ series, steps }: Pick<Shape, "series" | "steps">): number | null {
  const last = (isRight: (step: Step) => boolean) =>
    steps.findLastIndex(
      (step, place) => isRight(step) && series.some(({ values }) => (values[place] ?? null) !== null),
    );
  const whole = last(({ isCut }) => !isCut);
  const place = whole >= 0 ? whole : last(() => true);
  return place < 0 ? null : place;
}

/** The groups of a table, the greatest first; over time each with its latest value. */
export function rankedPoints(shape: Shape): Point[] {
  const { series, steps, isOverTime, isGrouped } = shape;
  const latest = isOverTime ? latestStep(shape) : null;
  const points = series.slice(0, isOverTime || isGrouped ? undefined : 1).flatMap((one) => {
    const places = isOverTime ? (latest === null ? [] : [latest]) : steps.keys();
    return [...places].flatMap((place): Point[] => {
      const [step, value] = [steps[place], one.values[place] ?? null];
      if (!step || value === null) return [];
      const names = [...(isOverTime ? [] : [step.label]), ...(isGrouped || isOverTime ? [one.name] : [])];
      return [
        { key: JSON.stringify([one.key, step.key]), name: names.join(", "), value, lines: linesBehind(one, step) },
      ];
    });
  });
  return points.sort((one, other) => other.value - one.value);
}
