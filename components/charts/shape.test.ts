import { describe, expect, test } from "vitest";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { statsAnswerWith } from "@/core/testing/stats-answer";
import { drawnSeries, isStackedAs } from "./drawn-series";
import { kindFor } from "./kind-for";
import { rankedPoints } from "./points";
import { shapeOf } from "./shape";

const at = (minute: number) => `2026-03-10T12:0${minute}:00.000000Z`;
const shown = (minute: number) => `2026-03-10T12:0${minute}:00.000Z`;

const answer = (columns: StatsAnswer["columns"], rows: StatsAnswer["rows"]): StatsAnswer =>
  statsAnswerWith({
    columns,
    rows,
    step_seconds: columns.some(({ type }) => type === "time") ? 60 : null,
    from: "2026-03-10T12:00:30.000Z",
    to: "2026-03-10T12:02:30.000Z",
  });
const TIME = { name: "time", type: "time", field: "timestamp", empty: null, adds: false, condition: null } as const;
const SERVICE = { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null } as const;
const LEVEL = { name: "level", type: "text", field: "level", empty: null, adds: false, condition: null } as const;
const HOUR = { name: "hour", type: "number", field: null, empty: null, adds: false, condition: null } as const;
const COUNT = { name: "count()", type: "number", field: null, empty: 0, adds: true, condition: null } as const;
const SLOWEST = { name: "max(d)", type: "number", field: null, empty: null, adds: false, condition: null } as const;

const valuesOf = (data: StatsAnswer, measure: string | null = null) =>
  Object.fromEntries(shapeOf(data, measure)?.series.map(({ name, values }) => [name, values]) ?? []);

describe("the shape of a table", () => {
  test("given counts by time and service, then each service is a series, the greatest first, and steps without entries are 0", () => {
    const data = answer(
      [TIME, SERVICE, COUNT],
      [
        [at(0), "pay", 1],
        [at(0), null, 9],
        [at(2), "pay", 3],
        [at(1), "shop", 2],
      ],
    );
    const shape = shapeOf(data, null);
    expect(shape?.steps.map(({ label, isCut }) => [label, isCut])).toEqual([
      [shown(0), true],
      [shown(1), false],
      [shown(2), true],
    ]);
    expect(shape?.series.map(({ name, values, conditions }) => [name, values, conditions])).toEqual([
      ["none", [9, 0, 0], ["-service:*"]],
      ["pay", [1, 0, 3], ["service:pay"]],
      ["shop", [0, 2, 0], ["service:shop"]],
    ]);
    expect(shape && kindFor(shape)).toBe("line");
    // The last step that is over: those that the range cuts are still growing.
    expect(shape && rankedPoints(shape).map(({ name, value }) => [name, value])).toEqual([
      ["shop", 2],
      ["none", 0],
      ["pay", 0],
    ]);
    expect(shape && rankedPoints(shape)[0]?.lines).toEqual({
      conditions: ["service:shop"],
      time: { from: shown(1), to: shown(2) },
    });
  });

  test("given a group without a value and one whose text is none, then they are two series, and two steps", () => {
    const groups = [null, "none", '"none"', "pay"];
    const names = ["none", '"none"', '""none""', "pay"];
    const series = shapeOf(
      answer(
        [TIME, SERVICE, COUNT],
        groups.map((group, index) => [at(1), group, 10 - index]),
      ),
      null,
    )?.series;
    expect(series?.map(({ name, values }) => [name, values[1]])).toEqual(
      names.map((name, index) => [name, 10 - index]),
    );
    expect(series?.map(({ conditions }) => conditions)).toEqual([
      ["-service:*"],
      ["service:none"],
      ['service:"\\"none\\""'],
      ["service:pay"],
    ]);
    const shape = shapeOf(
      answer(
        [SERVICE, COUNT],
        groups.map((group, index) => [group, 10 - index]),
      ),
      null,
    );
    expect(shape?.steps.map(({ label }) => label)).toEqual(names);
    expect(shape?.series.map(({ values }) => values)).toEqual([[10, 9, 8, 7]]);
    expect(new Set(shape && rankedPoints(shape).map(({ key }) => key)).size).toBe(4);
  });

  test("given several measures over time, then each is a series, and one that is chosen is alone; a step without a value has none", () => {
    const data = answer(
      [TIME, COUNT, SLOWEST],
      [
        [at(0), 5, 7.5],
        [at(2), 1, null],
      ],
    );
    expect(valuesOf(data)).toEqual({ "count()": [5, 0, 1], "max(d)": [7.5, null, null] });
    expect(valuesOf(data, "max(d)")).toEqual({ "max(d)": [7.5, null, null] });
    expect(valuesOf(data, "gone")).toEqual(valuesOf(data));
  });

  test("given groups without time, then they are the axis in the table's order, and the further ones the series", () => {
    const data = answer(
      [SERVICE, LEVEL, COUNT],
      [
        ["shop", "error", 1],
        ["pay", "info", 5],
        ["pay", "error", 4],
      ],
    );
    const shape = shapeOf(data, null);
    expect(shape?.steps.map(({ label }) => label)).toEqual(["shop", "pay"]);
    expect(valuesOf(data)).toEqual({ error: [1, 4], info: [0, 5] });
    expect(shape && kindFor(shape)).toBe("bars");
    // Levels come in their order.
    expect(shape && drawnSeries(shape, true).drawn.map(({ name }) => name)).toEqual(["info", "error"]);
    const ranked = shape ? rankedPoints(shape) : [];
    expect(ranked.map(({ name, value }) => [name, value]).slice(0, 2)).toEqual([
      ["pay, info", 5],
      ["pay, error", 4],
    ]);
    expect(ranked[0]?.lines).toEqual({ conditions: ["level:info", "service:pay"], time: null });
  });

  test("given hours, then all of them are there in their order, and no query says which lines they are of", () => {
    const shape = shapeOf(answer([HOUR, COUNT], [[13, 4]]), null);
    expect(shape?.steps).toHaveLength(24);
    expect(shape?.steps[13]).toMatchObject({ label: "13:00", conditions: null });
    expect(shape?.series.map(({ values }) => values[13])).toEqual([4]);
    expect(shape && kindFor(shape)).toBe("bars");
    expect(shape && rankedPoints(shape)[0]).toMatchObject({ name: "13:00", value: 4, lines: null });
  });

  test("given more groups than can be told apart, then lines leave the least out, and what is stacked has them as one", () => {
    const rows = Array.from({ length: 14 }, (_, index): [string, string, number] => [at(1), `s${index}`, 14 - index]);
    const shape = shapeOf(answer([TIME, SERVICE, COUNT], rows), null);
    if (!shape) throw new Error("there is no shape");
    expect(drawnSeries(shape, false)).toMatchObject({ hidden: 4, drawn: { length: 10 } });
    const { drawn, hidden } = drawnSeries(shape, true);
    expect(hidden).toBe(0);
    expect(drawn.at(-1)).toMatchObject({ name: "4 others", values: [0, 4 + 3 + 2 + 1, 0], conditions: null });
  });

  test("given one row, then it is a figure; given no numbers, then there is nothing to draw; given no rows, no series", () => {
    const one = shapeOf(answer([COUNT], [[7]]), null);
    expect(one && kindFor(one)).toBe("figure");
    expect(valuesOf(answer([COUNT], [[7]]))).toEqual({ "count()": [7] });
    expect(shapeOf(answer([TIME, SERVICE], [[at(0), "pay"]]), null)).toBeNull();
    expect(shapeOf(answer([HOUR, SERVICE], [[1, "pay"]]), null)).toBeNull();
    expect(shapeOf(answer([TIME, COUNT], []), null)?.series).toEqual([]);
  });

  test("given more groups than are drawn, then the greatest of the measure are, in the table's order, and it is told how many are not", () => {
    const groups = Array.from({ length: 100 }, (_, index): [string, number, number | null] => [
      `s${index}`,
      100 - index,
      index === 3 ? null : (index * 37) % 100,
    ]);
    const shape = shapeOf(answer([SERVICE, COUNT, SLOWEST], groups), "max(d)");
    if (!shape) throw new Error("there is no shape");
    const greatest = groups.filter(([, , value]) => (value ?? -1) >= 40).map(([name]) => name);
    expect(shape.steps.map(({ label }) => label)).toEqual(greatest);
    expect([shape.hiddenSteps, shape.hiddenPoints]).toEqual([40, 39]);
    expect(rankedPoints(shape)[0]).toMatchObject({ value: 99, name: groups.find(([, , value]) => value === 99)?.[0] });
    // Without a choice it is of the first measure, all of which have a value.
    const first = shapeOf(answer([SERVICE, COUNT, SLOWEST], groups.toReversed()), null);
    expect(first && [rankedPoints(first)[0]?.value, first.hiddenPoints]).toEqual([100, 40]);
  });

  test("given groups of what does not add up, then they are not stacked, and there are no others as one", () => {
    const rows = Array.from({ length: 14 }, (_, index): [string, string, number] => [at(1), `s${index}`, 14 - index]);
    const slow = shapeOf(answer([TIME, SERVICE, SLOWEST], rows), null);
    const counted = shapeOf(answer([TIME, SERVICE, COUNT], rows), null);
    if (!slow || !counted) throw new Error("there is no shape");
    expect([isStackedAs(slow, "area", false), isStackedAs(slow, "bars", false)]).toEqual([false, false]);
    expect((["area", "bars", "line"] as const).map((kind) => isStackedAs(counted, kind, false))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isStackedAs(counted, "bars", true)).toBe(false);
    // Measures are no parts of a whole.
    const measures = shapeOf(answer([TIME, COUNT], [[at(1), 3]]), null);
    expect(measures && isStackedAs(measures, "area", false)).toBe(false);
  });

  test("given a measure of some entries only, then its lines are those", () => {
    const errors = { ...COUNT, name: "errors", condition: "level>=error" };
    const slow = { ...COUNT, name: "slow", condition: "took>5 OR timeout" };
    const measures = shapeOf(answer([TIME, errors, slow, SLOWEST], [[at(1), 3, 2, 9]]), null);
    expect(measures?.series.map(({ conditions }) => conditions)).toEqual([
      ["level>=error"],
      ["(took>5 OR timeout)"],
      [],
    ]);
    const groups = shapeOf(answer([TIME, SERVICE, errors], [[at(1), "pay", 3]]), null);
    expect(groups?.series[0]?.conditions).toEqual(["service:pay", "level>=error"]);
    const hours = shapeOf(answer([SERVICE, HOUR, errors], [["pay", 1, 3]]), null);
    expect(hours?.series[0]?.conditions).toBeNull();
  });
});
