import { LIMITS } from "@/core/limits";
import type { Cell } from "./accumulator";
import type { CountedSeries } from "./count-groups";
import { columnsOf, secondsByKeys, type Table, timesOf, tooManyGroups } from "./group-entries";
import { optionsOf, type Question } from "./question";

/** What a service and level have: by the place of a step, what the measures have of it. */
type Group = { service: string; level: string; steps: Map<number, number[]> };

/**
 * The table of counts, as grouping each as an entry would give it. A step of a service and level has nothing but numbers: with
 * names and sums that can be of anything it would cost several times as much as all else.
 * @throws Fault invalid when there are too many groups
 */
export function tableOfCounts(all: readonly CountedSeries[], question: Question): { table: Table; entries: number } {
  const { by, measures } = question.stats;
  const { placeAt, cells } = placesOf(question);
  const isBy = (name: string) => by.some(({ of }) => of.kind === "field" && of.field.name === name);
  const [byService, byLevel] = [isBy("service"), isBy("level")];
  const groups = new Map<string, Group>();
  let [entries, found] = [0, 0];
  for (const { service, level, starts, counts, taken } of all) {
    // A level has no space in it.
    const name = `${byLevel ? level : ""} ${byService ? service : ""}`;
    const group = groups.get(name) ?? { service, level, steps: new Map<number, number[]>() };
    groups.set(name, group);
    for (const [index, start] of starts.entries()) {
      const [place, count] = [placeAt(start), counts[index] ?? 0];
      entries += count;
      let sums = group.steps.get(place);
      if (sums === undefined) {
        if (++found > LIMITS.computedGroups) throw tooManyGroups();
        sums = measures.map(() => 0);
        group.steps.set(place, sums);
      }
      for (let measure = 0; measure < sums.length; measure++) {
        if (taken[measure]) sums[measure] = (sums[measure] ?? 0) + count;
      }
    }
  }
  // Without keys there is one group, also of nothing.
  if (by.length === 0 && groups.size === 0) {
    groups.set("", { service: "", level: "", steps: new Map([[0, measures.map(() => 0)]]) });
  }
  const secondsOf = secondsByKeys(question.stats, optionsOf(question));
  const rows: Cell[][] = [];
  for (const group of groups.values()) {
    for (const [place, sums] of group.steps) {
      const times = cells[place] ?? [];
      let time = 0;
      const row: Cell[] = [];
      for (const { of } of by) {
        if (of.kind !== "field") row.push(times[time++] ?? null);
        else row.push(of.field.name === "service" ? group.service : group.level);
      }
      for (const [measure, { call }] of measures.entries()) {
        const sum = sums[measure] ?? 0;
        row.push(call.kind === "rate" ? sum / secondsOf(row) : sum);
      }
      rows.push(row);
    }
  }
  return { table: { columns: columnsOf(question.stats), rows }, entries };
}

/** Numbers the groups by time, of the keys that go by it: those that have the same cells have the same place. */
function placesOf(question: Question): { placeAt(start: number): number; cells: readonly (readonly Cell[])[] } {
  const cellsAt = timesOf(question.stats, optionsOf(question));
  const cells: (readonly Cell[])[] = [];
  const [known, byCells] = [new Map<number, number>(), new Map<string, number>()];
  const placeAt = (start: number): number => {
    const place = known.get(start);
    if (place !== undefined) return place;
    const found = cellsAt(start * 1_000_000);
    const name = found.join();
    const next = byCells.get(name) ?? cells.push(found) - 1;
    byCells.set(name, next);
    known.set(start, next);
    return next;
  };
  return { placeAt, cells };
}
