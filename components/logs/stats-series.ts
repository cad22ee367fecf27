import type { StatsAnswer } from "@/core/analytics/schemas";

export type StatsSeries = {
  /** The measure that is drawn. */
  measure: string;
  /** A line each, the greatest first. */
  names: string[];
  /** In the order of time: a value for each line that has one there. */
  points: ({ time: string } & Record<string, string | number>)[];
  /** Lines that are not drawn. */
  hidden: number;
};

/** Of what has no value in a group. */
const NONE = "none";

/**
 * The lines of a table over time: its first column of numbers by what its other keys say.
 * @param most lines
 * @returns null for a table without a column of times by which it is grouped, or without numbers
 */
export function seriesOf({ columns, rows, step_seconds, from, to }: StatsAnswer, most: number): StatsSeries | null {
  const time = columns.findIndex(({ field }) => field === "timestamp");
  const measure = columns.findIndex(({ type, field }) => type === "number" && field === null);
  const first = columns[measure];
  if (time < 0 || !first || step_seconds === null) return null;
  const keys = columns.flatMap(({ type, field }, place) => (type === "text" && field !== null ? [place] : []));
  const lines = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const [moment, value] = [row[time], row[measure]];
    if (typeof moment !== "string" || typeof value !== "number") continue;
    const name = keys.length === 0 ? first.name : keys.map((place) => row[place] ?? NONE).join(", ");
    const line = lines.get(name) ?? new Map<string, number>();
    line.set(new Date(moment).toISOString(), value);
    lines.set(name, line);
  }
  if (lines.size === 0) return null;
  const sizeOf = (line: Map<string, number>) => [...line.values()].reduce((sum, value) => sum + Math.abs(value), 0);
  const sorted = [...lines].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  const drawn = sorted.slice(0, most);
  const points = stepsOf(from, to, step_seconds * 1_000).map((moment) => ({
    time: moment,
    ...Object.fromEntries(
      drawn.flatMap(([name, line]) => {
        const value = line.get(moment) ?? first.empty;
        return value === null ? [] : [[name, value]];
      }),
    ),
  }));
  return { measure: first.name, names: drawn.map(([name]) => name), points, hidden: sorted.length - drawn.length };
}

/** More would be drawn over one another. */
const MOST_POINTS = 2_000;

/** The begin of each step of the range, also of those in which there is nothing. */
function stepsOf(from: string, to: string, stepMs: number): string[] {
  const steps: string[] = [];
  let moment = Math.floor(Date.parse(from) / stepMs) * stepMs;
  // Of a range that begins long before the first entry, the latest.
  moment = Math.max(moment, Math.floor((Date.parse(to) - 1) / stepMs) * stepMs - (MOST_POINTS - 1) * stepMs);
  for (; moment < Date.parse(to); moment += stepMs) steps.push(new Date(moment).toISOString());
  return steps;
}
