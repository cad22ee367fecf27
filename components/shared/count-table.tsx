import { VisuallyHidden } from "@mantine/core";
import { countOf, formatCount } from "./format";

type CountTableProps = {
  label: string;
  /** Names of the series, in their order. */
  series: readonly string[];
  buckets: readonly { timestamp: string; counts: Readonly<Partial<Record<string, number>>> }[];
  formatTime(time: string): string;
  formatValue(value: number): string;
};

/** More would be no help to anybody who hears them. */
const MOST_ROWS = 60;

/** The figures of a chart for who can't see it: of the latest times that have any, and of the series that have any in them. */
export function CountTable({ label, series, buckets, formatTime, formatValue }: CountTableProps) {
  const filled = buckets.filter(({ counts }) => series.some((name) => (counts[name] ?? 0) !== 0));
  const rows = filled.slice(-MOST_ROWS).reverse();
  const names = series.filter((name) => rows.some(({ counts }) => (counts[name] ?? 0) !== 0));
  const left = filled.length - rows.length;
  if (rows.length === 0) return null;
  return (
    <VisuallyHidden>
      <table>
        <caption>
          {label}: the latest {countOf(rows.length, "time")} with any
          {left > 0 && `, without ${formatCount(left)} before them`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ timestamp, counts }) => (
            <tr key={timestamp}>
              <th scope="row">{formatTime(timestamp)}</th>
              {names.map((name) => (
                <td key={name}>{formatValue(counts[name] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
