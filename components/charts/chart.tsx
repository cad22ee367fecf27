"use client";

import { Text } from "@mantine/core";
import { useUncontrolled } from "@mantine/hooks";
import { useMemo } from "react";
import type { StatsAnswer } from "@/core/analytics/schemas";
import type { ChartOptions } from "@/core/charts/chart-options";
import { guessUnit } from "@/core/charts/guess-unit";
import { kindFor } from "./kind-for";
import type { LinesOf } from "./lines-of";
import { Plot } from "./plot";
import { shapeOf } from "./shape";
import { SingleFigure } from "./single-figure";
import { TopList } from "./top-list";

export type ChartProps = {
  data: StatsAnswer;
  options: ChartOptions;
  /** Of what is drawn, in pixels; 100% fills what is around it, which then has a height of its own. */
  height: number | "100%";
  /** What is read out before what is drawn, such as the title of a panel. */
  title?: string;
  /** Names of series that are shown; null shows all. Without it the chart itself remembers what its legend was told. */
  shown?: readonly string[] | null;
  setShown?(shown: readonly string[] | null): void;
  /** Dragging over times narrows to them (ISO 8601, to exclusive). */
  zoom?(from: string, to: string): void;
  /** Leads to the lines behind a point, a bar or a row. */
  showLines?(of: LinesOf): void;
  /** Lines across the chart, such as the threshold of an alert, and what they are called. */
  thresholds?: readonly { value: number; label: string }[];
};

/**
 * The answer of GET /api/logs/stats, drawn. Whoever can't see it is read a table of it; the pointer, the keyboard and touch have the same
 * ways through it.
 */
export function Chart({ data, options, shown: given, setShown: setGiven, ...rest }: ChartProps) {
  const { log, measure } = options;
  const [shown, setShown] = useUncontrolled({ value: given, defaultValue: null, onChange: setGiven });
  const shape = useMemo(() => shapeOf(data, measure), [data, measure]);
  if (!shape) return <Text c="dimmed">The table has no numbers to draw.</Text>;
  if (shape.series.length === 0) return <Text c="dimmed">Nothing in this time.</Text>;
  const kind = options.kind ?? kindFor(shape);
  const unitOf = (name: string) => options.unit ?? guessUnit(name);
  const common = { ...rest, shape, isLog: log, unitOf };
  switch (kind) {
    case "figure":
      return <SingleFigure {...common} />;
    case "top":
      return <TopList {...common} />;
    default:
      return <Plot key={kind} {...common} kind={kind} shown={shown} setShown={setShown} />;
  }
}
