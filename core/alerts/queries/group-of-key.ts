import { z } from "zod";

/** The values by which lines are grouped, in the order of the query's keys. */
export const groupCellsSchema = z.array(z.union([z.string(), z.number(), z.null()]));

/** What is shown where lines have no value of a field. */
const NO_VALUE = "(none)";

/** By the name of the key, what a group has. @param names of the keys, in their order */
export function groupOfKey(key: string, names: readonly string[]): Record<string, string> {
  const cells = groupCellsSchema.parse(JSON.parse(key));
  return Object.fromEntries(names.map((name, place) => [name, String(cells[place] ?? NO_VALUE)]));
}
