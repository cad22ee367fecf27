import { LEVEL_COLOURS } from "@/components/theme";
import type { ChartKind } from "@/core/charts/chart-options";
import { LEVELS, type Level } from "@/core/levels";
import type { Series, Shape } from "./shape";

/** A series with its colour, as Mantine names colours. */
export type DrawnSeries = Series & { colour: string };

const COLOURS = [
  "teal.6",
  "blue.6",
  "orange.6",
  "grape.6",
  "lime.7",
  "red.6",
  "cyan.7",
  "yellow.7",
  "pink.6",
  "indigo.6",
];

const OTHERS = "gray.5";
/** Of the series that all others are put into: no key of a table is no JSON. */
const OTHERS_KEY = "others";

/** Whether what is drawn stands on one another, so that its height is that of all: only where it adds up. */
export const isStackedAs = ({ isSummed }: Pick<Shape, "isSummed">, kind: ChartKind, isLog: boolean): boolean =>
  isSummed && !isLog && (kind === "area" || kind === "bars");

const levelOf = ({ name }: Series): Level | undefined => LEVELS.find((level) => level === name);

/**
 * The series that are drawn, since more could not be told apart.
 * @param isStacked those that are left out stand on top as one, so that the height is that of all
 * @returns them, and how many are left out
 */
export function drawnSeries({ series }: Shape, isStacked: boolean): { drawn: DrawnSeries[]; hidden: number } {
  if (series.length > 0 && series.every((one) => levelOf(one) !== undefined)) {
    const placeOf = (one: Series) => LEVELS.indexOf(levelOf(one) ?? "info");
    const sorted = series.toSorted((one, other) => placeOf(one) - placeOf(other));
    return { drawn: sorted.map((one) => ({ ...one, colour: LEVEL_COLOURS[levelOf(one) ?? "info"] })), hidden: 0 };
  }
  const drawn = series.slice(0, COLOURS.length).map((one, place) => ({ ...one, colour: COLOURS[place] ?? OTHERS }));
  const rest = series.slice(COLOURS.length);
  if (rest.length === 0 || !isStacked) return { drawn, hidden: rest.length };
  return { drawn: [...drawn, { ...othersOf(rest), colour: OTHERS }], hidden: 0 };
}

function othersOf(rest: readonly Series[]): Series {
  const values = (rest[0]?.values ?? []).map((_, step) => {
    const there = rest.flatMap(({ values: one }) => one[step] ?? []);
    return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0);
  });
  return { key: OTHERS_KEY, name: `${rest.length} others`, conditions: null, values };
}
