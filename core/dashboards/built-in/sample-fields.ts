import { addMs, DAY_MS } from "@/core/clock";
import { flattenAttributes } from "@/core/search/flatten-attributes";
import { fold } from "@/core/search/query/fold";
import { EVERYTHING } from "@/core/search/query/query-tree";
import { searchLogs } from "@/core/search/search-logs";
import type { EntriesContext } from "@/core/segments/segments";
import { rankServices } from "@/core/stats/rank-services";

/** Some of what is sent, to tell what there is. */
export type SampledFields = {
  /** Entries that were looked at. */
  entries: number;
  hasErrors: boolean;
  /** Values of attributes, by their path in lower case; with how the path is written. */
  attributes: ReadonlyMap<string, { name: string; values: ReadonlySet<string> }>;
};

/** Of all, and of each of the services that send most: what is rare beside them is seen too. */
const NEWEST = 500;
const NEWEST_OF_SERVICE = 50;
const SERVICES = 10;
const DAYS = 7;
/** A page that only offers something does not wait for long. */
const WITHIN_MS = 1_000;

/** Looks at the newest entries of the last days. */
export async function sampleFields(context: EntriesContext): Promise<SampledFields> {
  const now = context.clock.now();
  const time = { from: addMs(now, -DAYS * DAY_MS), to: addMs(now, DAY_MS) };
  const part = { characters: 0, attributes: true };
  const newest = (limit: number, service?: string) =>
    searchLogs(context, { query: EVERYTHING, service, ...time, limit, part, withinMs: WITHIN_MS });
  const { services } = await rankServices(context, { range: "1w", sort: "volume", limit: SERVICES });
  const found = await Promise.all([newest(NEWEST), ...services.map(({ name }) => newest(NEWEST_OF_SERVICE, name))]);
  const attributes = new Map<string, { name: string; values: Set<string> }>();
  const entries = found.flatMap((result) => result.entries);
  for (const entry of entries) {
    for (const [name, value] of flattenAttributes(entry.attributes)) {
      const known = attributes.get(fold(name)) ?? { name, values: new Set<string>() };
      known.values.add(value);
      attributes.set(fold(name), known);
    }
  }
  return {
    entries: entries.length,
    hasErrors: services.some(({ counts }) => counts.error + counts.fatal > 0),
    attributes,
  };
}
