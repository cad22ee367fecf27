import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { conditionOf, escapedName } from "@/core/search/query/quote-value";
import type { Watched } from "../schemas";
import { describeWatch } from "./describe-watch";
import { groupCellsSchema, groupOfKey } from "./group-of-key";
import type { RunningAlert } from "./load-alerts";

/** What people are told of a group of an alert. @param key its values, as JSON */
export function watchedOf({ name, watch, query }: RunningAlert, key: string): Watched {
  return {
    alert: name,
    group: groupOfKey(
      key,
      query.stats.by.map((by) => by.name),
    ),
    lines: linesOf(query, key),
    condition: describeWatch(watch),
    comparison: watch.watch === "absence" ? "<=" : watch.comparison,
    window_minutes: watch.window_minutes,
  };
}

/** The service of a group, where the lines are grouped by it. */
export function serviceOf({ query: { stats } }: RunningAlert, key: string): string {
  const place = stats.by.findIndex(({ of }) => of.kind === "field" && of.field.name === "service");
  return String(groupCellsSchema.parse(JSON.parse(key))[place] ?? EVERY_SERVICE);
}

/** The query for the lines of a group; hours and weekdays can't be asked for. */
function linesOf({ lines, stats }: RunningAlert["query"], key: string): string {
  const cells = groupCellsSchema.parse(JSON.parse(key));
  const conditions = stats.by.flatMap(({ name, of }, place) => {
    if (of.kind !== "field") return [];
    const cell = cells[place] ?? null;
    return [cell === null ? `-${escapedName(name)}:*` : conditionOf(name, String(cell))];
  });
  if (conditions.length === 0) return lines;
  return [...(lines === "" ? [] : [`(${lines})`]), ...conditions].join(" ");
}
