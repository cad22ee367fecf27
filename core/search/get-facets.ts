import { LIMITS } from "@/core/limits";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import type { EntriesContext } from "@/core/segments/segments";
import { flattenAttributes } from "./flatten-attributes";
import type { Entry, Facets } from "./schemas";
import type { Sought } from "./scope";
import { searchLogs } from "./search-logs";

const MOST_VALUES = 8;
const MOST_FIELDS = 20;
/** Longer values are no choices. */
const MOST_CHARACTERS = 100;

/**
 * The values that are most frequent among the newest entries that a query selects, by field: service, level, tag, then
 * attributes by how many entries have them. A field in which nearly every value differs is left out: it is no choice.
 */
export async function getFacets(context: EntriesContext, sought: Sought): Promise<Facets> {
  const { entries, next_cursor, complete, missing_segments, missing_count } = await searchLogs(context, {
    ...sought,
    limit: LIMITS.searchPage,
    // Messages are no facet.
    part: { characters: 0, attributes: true },
  });
  const fields = new Map<string, Map<string, number>>(["service", "level", "tag"].map((name) => [name, new Map()]));
  for (const entry of entries) for (const [name, value] of valuesOf(entry)) count(fields, name, value);
  const total = (values: Map<string, number>) => [...values.values()].reduce((sum, one) => sum + one, 0);
  const attributes = [...fields]
    .slice(3)
    .filter(([, values]) => values.size <= MOST_VALUES || values.size < total(values) / 2);
  attributes.sort(([, a], [, b]) => total(b) - total(a));
  return {
    sampled: entries.length,
    is_all: next_cursor === null && complete,
    complete,
    missing_segments,
    missing_count,
    fields: [...[...fields].slice(0, 3), ...attributes.slice(0, MOST_FIELDS)]
      .filter(([, values]) => values.size > 0)
      .map(([name, values]) => ({
        name,
        values: [...values]
          .sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))
          .slice(0, MOST_VALUES)
          .map(([value, times]) => ({ value, count: times })),
      })),
  };
}

function count(fields: Map<string, Map<string, number>>, name: string, value: string): void {
  const values = fields.get(name) ?? new Map<string, number>();
  values.set(value, (values.get(value) ?? 0) + 1);
  fields.set(name, values);
}

/** Each pair once, however often an array repeats it. */
function valuesOf({ service, level, tags, attributes }: Entry): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  const add = (name: string, value: string) => {
    if (value.length <= MOST_CHARACTERS) pairs.set(`${name}\n${value}`, [name, value]);
  };
  add("service", service);
  add("level", level);
  for (const tag of tags ?? []) add("tag", tag);
  for (const [path, value] of flattenAttributes(attributes)) if (path !== MESSAGE_ANSI) add(path, value);
  return [...pairs.values()];
}
