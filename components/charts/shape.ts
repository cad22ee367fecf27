import type { StatsAnswer } from "@/core/analytics/schemas";
import { labelOfValue } from "./label-of-value";
import { type Condition, conditionOfMeasure, conditionsOf, isOfSteps, type LinesOf } from "./lines-of";
import { stepsOf } from "./steps";

type Cell = StatsAnswer["rows"][number][number];

/** A place on the axis of a chart: a step of time, or what a group is called. */
export type Step = {
  /** By which it is known however it is called. */
  key: string;
  /** RFC 3339, or a text; no other step is called so. */
  label: string;
  /** Of its lines; null where no query can say it. */
  conditions: readonly Condition[] | null;
  time: LinesOf["time"];
  /** The range begins or ends within it, or it was not over when it was computed. */
  isCut: boolean;
};

export type Series = {
  /** By which it is known however it is called. */
  key: string;
  name: string;
  conditions: readonly Condition[] | null;
  /** For each step; null where there is none. */
  values: (number | null)[];
};

/** What there is to draw of a table. */
export type Shape = {
  /** The columns that are drawn; one, but where each is a series. */
  measures: string[];
  isOverTime: boolean;
  /** What the axis is of, where it is not time. */
  axis: string | null;
  /** The series are groups; else each is a measure. */
  isGrouped: boolean;
  /** They are groups whose values add up to that of all. */
  isSummed: boolean;
  steps: Step[];
  /** The greatest first. */
  series: Series[];
  /** Steps that are left out since there are too many: of time the earliest, of groups those with the least values. */
  hiddenSteps: number;
  /** Values of the first measure in them, where they are groups. */
  hiddenPoints: number;
};

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** Keys that are numbers: where they begin, and how many there are. */
const CYCLES: Readonly<Record<string, readonly [number, number]>> = { hour: [0, 24], weekday: [1, 7] };
/** Of groups side by side. */
const MOST_GROUPS = 60;

const isCycle = ({ name, type, field }: StatsAnswer["columns"][number]) =>
  type === "number" && field === null && Object.hasOwn(CYCLES, name);

/** Columns that can be drawn, by their places. */
export const measuresOf = ({ columns }: Pick<StatsAnswer, "columns">): number[] =>
  columns.flatMap((column, place) =>
    column.type === "number" && column.field === null && !isCycle(column) ? [place] : [],
  );

/**
 * The series of a table: over time, or over its first key. Where further keys make groups, each is a series of one measure; where there
 * are none, each measure is one.
 * @param measure name of the column that is drawn; null or unknown: the first
 * @returns null for a table without numbers
 */
export function shapeOf(data: StatsAnswer, measure: string | null): Shape | null {
  const { columns, rows, step_seconds } = data;
  const measures = measuresOf(data);
  const [first] = measures;
  if (first === undefined) return null;
  const time = step_seconds === null ? -1 : columns.findIndex(isOfSteps);
  const keys = columns.flatMap((column, place) =>
    place !== time && (column.field !== null || isCycle(column)) ? [place] : [],
  );
  const axis = time >= 0 ? time : (keys[0] ?? -1);
  const further = keys.filter((place) => place !== axis);
  const chosen = measures.find((place) => columns[place]?.name === measure);
  // Next to one another measures of several kinds have no axis in common; who wants one of them says so.
  const drawn = further.length > 0 || chosen !== undefined ? [chosen ?? first] : measures;
  const steps = time >= 0 ? timeSteps(data) : groupSteps(data, axis, drawn[0] ?? first);
  const places = new Map(steps.all.map(({ key }, place) => [key, place]));
  const series = new Map<string, Series>();
  let hiddenPoints = 0;
  for (const row of rows) {
    const step = places.get(axis < 0 ? "" : keyOf(row[axis] ?? null, time >= 0));
    if (step === undefined) {
      if (time < 0 && typeof row[drawn[0] ?? first] === "number") hiddenPoints++;
      continue;
    }
    for (const place of drawn) {
      const column = columns[place];
      const value = row[place];
      if (!column) continue;
      const key = JSON.stringify(further.length > 0 ? further.map((one) => row[one] ?? null) : [column.name]);
      const names = further.map((one) => labelOf(columns[one], row[one] ?? null));
      const known = series.get(key) ?? {
        key,
        name: further.length > 0 ? names.join(", ") : column.name,
        conditions: conditionsOf(columns, further, row)?.concat(conditionOfMeasure(column)) ?? null,
        values: Array.from<number | null>({ length: steps.all.length }).fill(column.empty),
      };
      series.set(key, known);
      if (typeof value === "number") known.values[step] = value;
    }
  }
  const sizes = new Map([...series.values()].map((one) => [one, sizeOf(one)]));
  return {
    measures: drawn.flatMap((place) => columns[place]?.name ?? []),
    isOverTime: time >= 0,
    axis: time >= 0 ? null : (columns[axis]?.name ?? null),
    isGrouped: further.length > 0,
    isSummed: further.length > 0 && drawn.every((place) => columns[place]?.adds),
    steps: steps.all,
    // Measures stay in the order in which they were asked for.
    series:
      further.length === 0
        ? [...series.values()]
        : [...series.values()].sort((one, other) => (sizes.get(other) ?? 0) - (sizes.get(one) ?? 0)),
    hiddenSteps: steps.hidden,
    hiddenPoints,
  };
}

const sizeOf = ({ values }: Series) => values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);

/** Of a step, by the cell of the axis. */
const keyOf = (cell: Cell, isTime: boolean) =>
  isTime && typeof cell === "string" ? new Date(cell).toISOString() : JSON.stringify(cell);

function labelOf(column: StatsAnswer["columns"][number] | undefined, cell: Cell): string {
  if (column && cell !== null && isCycle(column)) return cycleLabel(column.name, Number(cell));
  return typeof cell === "number" ? String(cell) : labelOfValue(cell);
}

const cycleLabel = (name: string, value: number) =>
  name === "weekday" ? (WEEKDAYS[value - 1] ?? String(value)) : `${String(value).padStart(2, "0")}:00`;

function timeSteps(data: StatsAnswer): { all: Step[]; hidden: number } {
  const { steps, hidden } = stepsOf(data);
  const from = Date.parse(data.from);
  const to = Math.min(Date.parse(data.to), Date.parse(data.computed_at));
  const all = steps.map(
    (time): Step => ({
      key: time.from,
      label: time.from,
      conditions: [],
      time,
      isCut: Date.parse(time.from) < from || Date.parse(time.to) > to,
    }),
  );
  return { all, hidden };
}

/** Of hours and weekdays all, as they come; of others those with the greatest values, as the table has them. */
function groupSteps({ columns, rows }: StatsAnswer, axis: number, measure: number): { all: Step[]; hidden: number } {
  const column = columns[axis];
  if (!column) return { all: [{ key: "", label: "", conditions: [], time: null, isCut: false }], hidden: 0 };
  const cycle = isCycle(column) ? CYCLES[column.name] : undefined;
  if (cycle) {
    const [begin, length] = cycle;
    const all = Array.from({ length }, (_, index) => ({
      key: keyOf(begin + index, false),
      label: cycleLabel(column.name, begin + index),
      conditions: null,
      time: null,
      isCut: false,
    }));
    return { all, hidden: 0 };
  }
  const steps = new Map<string, { step: Step; greatest: number }>();
  for (const row of rows) {
    const cell = row[axis] ?? null;
    const key = keyOf(cell, false);
    const value = row[measure];
    const greatest = typeof value === "number" ? value : Number.NEGATIVE_INFINITY;
    const known = steps.get(key);
    if (known) known.greatest = Math.max(known.greatest, greatest);
    else {
      const conditions = conditionsOf(columns, [axis], row);
      const step = { key, label: labelOf(column, cell), conditions, time: null, isCut: false };
      steps.set(key, { step, greatest });
    }
  }
  const ranked = [...steps.values()].sort(
    (one, other) => Number(one.greatest < other.greatest) - Number(one.greatest > other.greatest),
  );
  const left = new Set(ranked.slice(0, MOST_GROUPS));
  const all = [...steps.values()].flatMap((one) => (left.has(one) ? one.step : []));
  return { all, hidden: steps.size - all.length };
}
