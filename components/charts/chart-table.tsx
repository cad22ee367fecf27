import { VisuallyHidden } from "@mantine/core";
import { countOf, formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import type { DrawnSeries } from "./drawn-series";
import type { Step } from "./shape";

type ChartTableProps = {
  label: string;
  /** What the first column is of. */
  axis: string;
  steps: readonly Step[];
  series: readonly DrawnSeries[];
  isOverTime: boolean;
  labelOf(step: Step): string;
  format(value: number, series: DrawnSeries): string;
};

/** More would be no help to anybody who hears them. */
const MOST_ROWS = 60;

/** What is drawn, for who can't see it: the latest steps that have anything, and the series that have any in them. */
export function ChartTable({ label, axis, steps, series, isOverTime, labelOf, format }: ChartTableProps) {
  const filled = steps.flatMap((step, place) =>
    series.some(({ values }) => (values[place] ?? 0) !== 0) ? [{ step, place }] : [],
  );
  const rows = isOverTime ? filled.slice(-MOST_ROWS).reverse() : filled.slice(0, MOST_ROWS);
  const shown = series.filter(({ values }) => rows.some(({ place }) => (values[place] ?? null) !== null));
  const left = filled.length - rows.length;
  if (rows.length === 0) return null;
  return (
    <VisuallyHidden>
      <table>
        <caption>
          {plainText(label)}: {isOverTime ? "the latest" : "the first"} {countOf(rows.length, "row")} with any
          {left > 0 && `, without ${formatCount(left)} more`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{plainText(axis)}</th>
            {shown.map(({ key, name }) => (
              <th key={key} scope="col">
                {plainText(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, place }) => (
            <tr key={step.key}>
              <th scope="row">{plainText(labelOf(step))}</th>
              {shown.map((one) => {
                const value = one.values[place] ?? null;
                return <td key={one.key}>{value === null ? "none" : format(value, one)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
