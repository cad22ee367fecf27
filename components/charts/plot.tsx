"use client";

import { getThemeColor, Text, useMantineTheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  useActiveTooltipCoordinate,
  useActiveTooltipLabel,
  XAxis,
  YAxis,
} from "recharts";
import { countOf } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { useStepDrag } from "@/components/shared/use-step-drag";
import type { ChartKind, Unit } from "@/core/charts/chart-options";
import { cutText } from "@/core/cut-text";
import { ChartLegend, shownNames } from "./chart-legend";
import { ChartTable } from "./chart-table";
import classes from "./charts.module.css";
import { type DrawnSeries, drawnSeries, isStackedAs } from "./drawn-series";
import { formatTick, formatUnit } from "./format-unit";
import type { LinesOf } from "./lines-of";
import { logAxis } from "./log-axis";
import { type Picked, PickedStep } from "./picked-step";
import { linesBehind } from "./points";
import type { Shape, Step } from "./shape";
import { StepValues } from "./step-values";
import { useStepLabel } from "./use-step-label";

type PlotProps = {
  shape: Shape;
  kind: Exclude<ChartKind, "top" | "figure">;
  isLog: boolean;
  height: number | "100%";
  title?: string;
  unitOf(measure: string): Unit;
  /** Names of series; null shows all. */
  shown: readonly string[] | null;
  setShown(shown: readonly string[] | null): void;
  zoom?(from: string, to: string): void;
  showLines?(of: LinesOf): void;
  thresholds?: readonly { value: number; label: string }[];
};

/** With so few steps each has a dot. */
const DOTTED = 60;
const TICK = { fontSize: 12, fill: "currentColor" };

/** Series over time or over groups, as lines, areas or bars. On a logarithmic axis nothing stands on top of another. */
export function Plot({ shape, kind, isLog, height, title, unitOf, shown, setShown, ...actions }: PlotProps) {
  const { zoom, showLines, thresholds = [] } = actions;
  const { steps, isOverTime, isGrouped, axis, measures } = shape;
  const theme = useMantineTheme();
  const labelOf = useStepLabel(shape);
  const isStacked = isStackedAs(shape, kind, isLog);
  const unit = unitOf(measures[0] ?? "");
  const { drawn, hidden } = useMemo(() => drawnSeries(shape, isStacked), [shape, isStacked]);
  const names = shownNames(
    drawn.map(({ name }) => name),
    shown,
  );
  const visible = drawn.filter(({ name }) => names.includes(name) && (isGrouped || unitOf(name) === unit));
  const scale = useMemo(
    () => (isLog ? logAxis(visible.flatMap(({ values }) => values.flatMap((value) => value ?? []))) : null),
    [isLog, visible],
  );
  const points = steps.map(({ label }, step) => ({
    label,
    ...Object.fromEntries(
      visible.map(({ values }, place) => {
        // What stands upon others breaks them off where it is nothing.
        const value = values[step] ?? (isStacked ? 0 : null);
        return [keyOf(place), value === null || !scale ? value : scale.placeOf(value)];
      }),
    ),
  }));
  const format = (value: number, { name }: DrawnSeries) => formatUnit(value, isGrouped ? unit : unitOf(name));
  const isWhole = visible.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)));
  const placeOf = (label: unknown) => steps.findIndex((step) => step.label === label);

  const [picked, setPicked] = useState<Picked | null>(null);
  const active = useRef<Active | null>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const pick = (label: string, at: { x: number; y: number }) => {
    const place = placeOf(label);
    const step = steps[place];
    if (!step || (!showLines && !zoom)) return;
    const [one] = visible;
    // Where all series are of the same lines, nobody has to choose.
    const isOne = visible.every(({ conditions }) => String(conditions) === String(one?.conditions));
    const direct = isOne ? linesBehind(one ?? null, step) : null;
    if (direct && showLines) showLines(direct);
    else setPicked({ place, step, ...at });
  };
  const { dragged, chartProps } = useStepDrag((first, last) => {
    if (first === last) return pick(first, active.current ?? { x: 0, y: 0 });
    const ends = [placeOf(first), placeOf(last)].sort((a, b) => a - b);
    const [begin, end] = ends.map((place) => steps[place]?.time);
    if (begin && end) zoom?.(begin.from, end.to);
  }, !isOverTime || !zoom);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.target instanceof SVGElement) || !active.current) return;
    event.preventDefault();
    pick(active.current.label, active.current);
  };

  const name = title ?? measures.join(", ");
  const what = `${name} ${isOverTime ? "over time" : `by ${axis ?? "nothing"}`}`;
  return (
    <figure
      className={classes.plot}
      data-fills={height === "100%" || undefined}
      aria-label={plainText(`${what}, ${countOf(drawn.length, kind === "bars" ? "series" : kind, plurals[kind])}`)}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key is for the step that the chart itself, which has the focus, points at */}
      <div
        ref={canvas}
        className={classes.canvas}
        style={height === "100%" ? undefined : { height }}
        data-zooms={(isOverTime && zoom !== undefined) || undefined}
        data-picks={showLines !== undefined || undefined}
        onKeyDown={onKeyDown}
      >
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={points}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            maxBarSize={60}
            barCategoryGap="10%"
            aria-label={plainText(what)}
            {...chartProps}
          >
            <CartesianGrid vertical={false} stroke="var(--chart-grid-color)" strokeDasharray="5 5" />
            <XAxis
              dataKey="label"
              height={24}
              tick={TICK}
              tickMargin={6}
              tickLine={false}
              axisLine={false}
              minTickGap={isOverTime ? 50 : 8}
              interval="preserveStartEnd"
              tickFormatter={(label: string) => shortened(labelOf(label, "axis"))}
            />
            <YAxis
              width="auto"
              tick={TICK}
              tickLine={false}
              axisLine={false}
              allowDecimals={!isWhole}
              tickFormatter={(value: number) => formatTick(scale ? scale.valueAt(value) : value, unit)}
              {...(scale && { domain: [0, scale.top], ticks: scale.ticks, interval: 0 })}
            />
            <Tooltip
              isAnimationActive={false}
              allowEscapeViewBox={{ x: false, y: true }}
              wrapperStyle={{ zIndex: 2 }}
              cursor={{ stroke: "var(--chart-grid-color)", fill: "var(--chart-cursor-fill)" }}
              content={({ label, active: isActive }) => {
                const place = placeOf(label);
                if (!isActive || place < 0 || picked) return null;
                return (
                  <StepValues
                    title={`${labelOf(String(label), "full")}${steps[place]?.isCut ? ", not all of it" : ""}`}
                    series={visible}
                    place={place}
                    isStacked={isStacked}
                    format={format}
                  />
                );
              }}
            />
            {visible.map((one, place) => seriesOf(one, place))}
            {thresholds.map(({ value, label }) => (
              <ReferenceLine
                key={label}
                y={scale ? (scale.placeOf(value) ?? 0) : value}
                ifOverflow="extendDomain"
                stroke="var(--mantine-color-red-6)"
                strokeDasharray="4 4"
                label={{
                  value: label,
                  position: "insideTopRight",
                  fontSize: 12,
                  fill: "var(--mantine-color-red-text)",
                }}
              />
            ))}
            {dragged && dragged.first !== dragged.last && (
              <ReferenceArea x1={dragged.first} x2={dragged.last} fillOpacity={0.2} />
            )}
            <TellActive tell={active} />
          </ComposedChart>
        </ResponsiveContainer>
        {picked && (
          <PickedStep
            picked={picked}
            title={labelOf(picked.step.label, "full")}
            series={visible}
            format={format}
            showLines={showLines}
            zoom={zoom}
            close={() => {
              setPicked(null);
              // Where the keyboard was; a popover gives the focus back to HTML only.
              canvas.current?.querySelector<SVGElement>("svg.recharts-surface")?.focus();
            }}
          />
        )}
      </div>
      {drawn.length > 1 && (
        <ChartLegend
          series={isGrouped ? drawn : drawn.filter(({ name }) => unitOf(name) === unit)}
          shown={shown}
          setShown={setShown}
        />
      )}
      <Notes
        otherUnits={isGrouped ? [] : measures.filter((measure) => unitOf(measure) !== unit)}
        hidden={hidden}
        hiddenSteps={shape.hiddenSteps}
        isOverTime={isOverTime}
        drawn={drawn.length}
      />
      <ChartTable
        label={what}
        axis={isOverTime ? "Time" : (axis ?? "")}
        steps={steps}
        series={visible}
        isOverTime={isOverTime}
        labelOf={(step: Step) => labelOf(step.label, "full")}
        format={format}
      />
    </figure>
  );

  function seriesOf(one: DrawnSeries, place: number) {
    const colour = getThemeColor(one.colour, theme);
    const common = { key: one.key, dataKey: keyOf(place), name: one.name, isAnimationActive: false } as const;
    const stackId = isStacked ? "all" : undefined;
    if (kind === "bars") return <Bar {...common} key={one.key} fill={colour} stackId={stackId} />;
    const line = { stroke: colour, strokeWidth: 2, connectNulls: false, type: "linear" } as const;
    const isAlone = (step: number) =>
      (one.values[step - 1] ?? null) === null && (one.values[step + 1] ?? null) === null;
    const dot = ({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) =>
      cx === undefined || cy === undefined || index === undefined || (steps.length > DOTTED && !isAlone(index)) ? (
        <g key={index} />
      ) : (
        <circle key={index} cx={cx} cy={cy} r={2.5} fill={colour} />
      );
    if (kind === "area")
      return (
        <Area {...common} {...line} key={one.key} fill={colour} fillOpacity={0.35} stackId={stackId} dot={false} />
      );
    return <Line {...common} {...line} key={one.key} dot={dot} activeDot={{ r: 4, fill: colour }} />;
  }
}

const plurals = { line: "lines", area: "areas", bars: "series" } as const;

const keyOf = (place: number) => `s${place}`;

const MOST_CHARACTERS = 24;

const shortened = (label: string) => plainText(cutText(label, MOST_CHARACTERS));

type Active = { label: string; x: number; y: number };

/** Tells which step the pointer or the keyboard is at, as only parts of a chart know. */
function TellActive({ tell }: { tell: { current: Active | null } }) {
  const label = useActiveTooltipLabel();
  const at = useActiveTooltipCoordinate();
  useEffect(() => {
    tell.current = typeof label === "string" && at ? { label, x: at.x, y: at.y } : tell.current;
  }, [label, at, tell]);
  return null;
}

type NotesProps = {
  otherUnits: readonly string[];
  hidden: number;
  hiddenSteps: number;
  isOverTime: boolean;
  drawn: number;
};

function Notes({ otherUnits, hidden, hiddenSteps, isOverTime, drawn }: NotesProps) {
  return (
    <>
      {otherUnits.length > 0 && (
        <Text size="xs" c="dimmed">
          Not drawn, as of another unit: {plainText(otherUnits.join(", "))}.
        </Text>
      )}
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          The {drawn} greatest; {hidden} more are in the table.
        </Text>
      )}
      {hiddenSteps > 0 && (
        <Text size="xs" c="dimmed">
          {isOverTime ? countOf(hiddenSteps, "step is", "steps are") : countOf(hiddenSteps, "group is", "groups are")}{" "}
          left out, since there are too many to draw.
        </Text>
      )}
    </>
  );
}
