import type { Cell } from "@/core/analytics/accumulator";
import { applyPipes } from "@/core/analytics/apply-pipes";
import type { Table } from "@/core/analytics/group-entries";
import { inOrder } from "@/core/analytics/order-table";
import { numberIn } from "@/core/analytics/values-of";
import { MINUTE_MS } from "@/core/clock";
import { groupingOf } from "./group-lines";
import type { Computed } from "./load-alerts";
import type { MinuteGroups } from "./minute-groups";
import type { AlertQuery } from "./read-alert-query";
import type { QueryWatch } from "./schemas";
import { againstMsOf } from "./windows";

type Watch = Pick<
  QueryWatch,
  "watch" | "comparison" | "threshold" | "window_minutes" | "least_count" | "against" | "change_in"
>;

/** What is compared of one group in one window. */
export type Judged = {
  /** The values by which the lines are grouped, as JSON. */
  group: string;
  value: number;
  crosses: boolean;
};

type Value = { value: number | null; lines: number };

/**
 * Of one window, by group: what each row of the table has at its end, and how many lines each group has that is there before pipes leave
 * rows out. @property isCut there may be more groups with lines
 */
type Values = { values: ReadonlyMap<string, Value>; lines: ReadonlyMap<string, number>; isCut: boolean };

/**
 * Judges the window that ends at a time, group by group. What has no value is not there: a group without lines, a share of none, a change
 * against nothing.
 * @param end ms since 1970, a multiple of a minute @param cut starts of minutes that had more groups than are kept, in ms
 */
export function judgeWindow(
  computed: Computed,
  minutes: MinuteGroups,
  end: number,
  cut: ReadonlySet<number> = new Set(),
): Judged[] {
  const { watch, query } = computed;
  const valuesAt = (until: number) => valuesOf(computed, minutes, until, cut);
  const now = valuesAt(end);
  const compared =
    watch.watch === "change" ? changes(watch, query, now, valuesAt(end - againstMsOf(watch))) : now.values;
  // That nothing comes has no lines to ask for.
  const least = watch.watch === "absence" ? 0 : watch.least_count;
  return [...compared].flatMap(([group, { value, lines }]) =>
    value === null || lines < least ? [] : [{ group, value, crosses: crosses(watch, value) }],
  );
}

/** What the query gives of a window. */
function valuesOf(computed: Computed, minutes: MinuteGroups, end: number, cut: ReadonlySet<number>): Values {
  const { stats, after, value } = computed.query;
  const { window_minutes } = computed.watch;
  const grouping = groupingOf(computed, window_minutes);
  let isCut = false;
  for (let minute = end - window_minutes * MINUTE_MS; minute < end; minute += MINUTE_MS) {
    const groups = minutes.get(minute);
    if (groups) grouping.merge(groups);
    isCut ||= cut.has(minute);
  }
  const table = grouping.table();
  const keys = stats.by.map(({ name }) => name);
  const lines = new Map(table.rows.map((row) => [keyOf(table, keys, row), Number(row.at(-1))]));
  const given = applyPipes(inOrder(table, stats), after);
  const place = given.columns.findIndex(({ name }) => name === value);
  const values = new Map(
    given.rows.map((row) => {
      const group = keyOf(given, keys, row);
      return [group, { value: numberIn(row[place] ?? null), lines: lines.get(group) ?? 0 }];
    }),
  );
  return { values, lines, isCut };
}

function keyOf({ columns }: Table, keys: readonly string[], row: readonly Cell[]): string {
  return JSON.stringify(keys.map((key) => row[columns.findIndex(({ name }) => name === key)] ?? null));
}

/**
 * Of groups that were there before or are now. Counts of one without lines are 0; of one that pipes left out of one of the two, or for
 * which there may have been no room, nothing is known.
 */
function changes({ change_in }: Watch, { empty }: AlertQuery, now: Values, before: Values): Map<string, Value> {
  const valueIn = ({ values, lines, isCut }: Values, group: string): Value =>
    values.get(group) ?? { value: lines.has(group) || isCut ? null : empty, lines: 0 };
  const groups = new Set([...now.values.keys(), ...before.values.keys()]);
  return new Map(
    [...groups].map((group) => {
      const [later, earlier] = [valueIn(now, group), valueIn(before, group)];
      const lines = Math.max(later.lines, earlier.lines);
      return [group, { value: changeOf(change_in, later.value, earlier.value), lines }];
    }),
  );
}

function changeOf(changeIn: Watch["change_in"], now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null;
  if (changeIn === "difference") return now - before;
  return before === 0 ? null : ((now - before) / Math.abs(before)) * 100;
}

/** What a value is held against, as people are told of it. */
export const thresholdOf = ({ watch, threshold }: Watch): number => (watch === "absence" ? 0 : threshold);

function crosses({ watch, comparison, threshold }: Watch, value: number): boolean {
  if (watch === "absence") return value === 0;
  switch (comparison) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
  }
}
