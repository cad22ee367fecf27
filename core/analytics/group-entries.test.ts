import { describe, expect, test } from "vitest";
import { HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { type Facts, Grouping } from "./group-entries";
import { parsePipes } from "./parse-pipes";
import { Room } from "./room";
import { UTC, ZoneClock } from "./zone-clock";

const groupingOf = (pipes: string) =>
  new Grouping(parsePipes(pipes, 0).stats, {
    stepMs: HOUR_MS,
    span: { from: 0, to: HOUR_MS },
    canonical: new Map(),
    clock: new ZoneClock(UTC),
    room: new Room(),
  });

const factsOf = (micros: number, service: string, text: string): Facts => ({
  micros,
  id: 0n,
  textsOf: ({ name }) => (name === "service" ? [service] : [text]),
  isOf: () => true,
});

describe.each(["first", "last"])("given %s of a text", (call) => {
  const text = "x".repeat(1_000_000);
  const pipes = `| stats ${call}(path) by (service)`;

  test("then no more groups of it are kept than there is room for", () => {
    const fill = (grouping: Grouping, groups: number) => {
      for (let group = 0; group < groups; group++) grouping.add(factsOf(group, `service-${group}`, text));
    };
    const fitting = Math.floor(LIMITS.computedBytes / (2 * text.length + 1_000));
    const grouping = groupingOf(pipes);
    fill(grouping, fitting);
    expect(() => fill(groupingOf(pipes), fitting + 2)).toThrow("narrow the query or its time");
    // What was computed of parts takes as much where it is put together.
    const whole = groupingOf(pipes);
    whole.merge(grouping.taken());
    expect(whole.size).toBe(grouping.size);
  });

  test("then one that takes the place of another is all that is counted", () => {
    const [once, often] = [groupingOf(pipes), groupingOf(pipes)];
    once.add(factsOf(0, "shop", "short"));
    for (const micros of [50, 10, 90, 30]) often.add(factsOf(micros, "shop", text));
    for (const micros of [5, 95]) often.add(factsOf(micros, "shop", "short"));
    expect(often.table().rows).toEqual([["shop", "short"]]);
    expect(often.size).toBe(once.size);
  });
});

test("given more measures, then a group takes more room", () => {
  const [one, many] = [
    groupingOf("| stats count() by (service)"),
    groupingOf("| stats count(), avg(n), max(n) by (service)"),
  ];
  for (const grouping of [one, many]) grouping.add(factsOf(0, "shop", "1"));
  expect(many.size).toBeGreaterThan(2 * one.size);
});
