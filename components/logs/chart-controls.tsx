"use client";

import { Checkbox, SegmentedControl, Select } from "@mantine/core";
import { useMemo } from "react";
import { UNIT_LABELS } from "@/components/charts/format-unit";
import { kindFor } from "@/components/charts/kind-for";
import { measuresOf, shapeOf } from "@/components/charts/shape";
import { plainText } from "@/components/shared/plain-text";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { CHART_KINDS, type ChartKind, type ChartOptions, UNITS } from "@/core/charts/chart-options";
import { guessUnit } from "@/core/charts/guess-unit";
import classes from "./stats.module.css";

const KIND_LABELS: Readonly<Record<ChartKind, string>> = {
  line: "Line",
  area: "Area",
  bars: "Bars",
  top: "Top list",
  figure: "Figure",
};

type ChartControlsProps = {
  data: StatsAnswer;
  options: ChartOptions;
  setOptions(options: Partial<ChartOptions>): void;
};

const GUESSED = "guessed";

/** How a table is drawn. */
export function ChartControls({ data, options, setOptions }: ChartControlsProps) {
  const shape = useMemo(() => shapeOf(data, options.measure), [data, options.measure]);
  if (!shape) return null;
  const kind = options.kind ?? kindFor(shape);
  const [measure = ""] = shape.measures;
  const guessed = guessUnit(measure);
  const measures = measuresOf(data).flatMap((place) => data.columns[place]?.name ?? []);
  return (
    <div className={classes.options}>
      <SegmentedControl
        aria-label="Kind of chart"
        size="xs"
        value={kind}
        onChange={(value) => setOptions({ kind: CHART_KINDS.find((known) => known === value) ?? null })}
        data={CHART_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
      />
      {measures.length > 1 && (
        <Select
          aria-label="Measure that is drawn"
          size="xs"
          w={170}
          allowDeselect={false}
          value={options.measure ?? (shape.isGrouped ? measure : "")}
          onChange={(value) => setOptions({ measure: value === "" ? null : value })}
          data={[
            ...(shape.isGrouped ? [] : [{ value: "", label: "all measures" }]),
            ...measures.map((name) => ({ value: name, label: plainText(name) })),
          ]}
        />
      )}
      <Select
        aria-label="Unit"
        size="xs"
        w={190}
        allowDeselect={false}
        value={options.unit ?? GUESSED}
        onChange={(value) => setOptions({ unit: UNITS.find((known) => known === value) ?? null })}
        data={[
          { value: GUESSED, label: `guessed: ${UNIT_LABELS[guessed]}` },
          ...UNITS.map((value) => ({ value, label: UNIT_LABELS[value] })),
        ]}
      />
      {kind !== "figure" && (
        <Checkbox
          size="xs"
          label="Logarithmic"
          checked={options.log}
          onChange={(event) => setOptions({ log: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}
