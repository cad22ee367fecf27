import { LIMITS } from "@/core/limits";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { listSegments } from "@/core/segments/catalogue";
import type { EntriesContext } from "@/core/segments/segments";
import { flattenAttributes } from "./flatten-attributes";
import { knownField } from "./query/field-names";
import { fold } from "./query/fold";
import type { Sought } from "./scope";
import { searchLogs } from "./search-logs";

/** The newest entries tell which attributes there are, and what they are like. */
const SAMPLED = 300;
const FEW_VALUES = 8;

export type FacetField = {
  /** As the entries spell it. */
  name: string;
  /** Nearly every value differs, and they are no numbers: there is nothing to be chosen among, but one may look for one. */
  areIds: boolean;
};

type Seen = { name: string; entries: number; values: Set<string>; areNumbers: boolean };

/** `isAll`: the time sufficed to look at as many entries as there are or as are wanted. */
type FoundFields = { fields: FacetField[]; isAll: boolean };

/**
 * The fields whose values are worth counting: service, level and tag, the attributes of the newest entries that a query selects, and those that have columns in
 * segments of its time.
 * @param withinMs it is enough to know some of them
 */
export async function findFacetFields(context: EntriesContext, sought: Sought, withinMs: number): Promise<FoundFields> {
  const { entries, timed_out } = await searchLogs(context, {
    ...sought,
    limit: SAMPLED,
    part: { characters: 0, attributes: true },
    withinMs,
  });
  const seen = new Map<string, Seen>();
  for (const { attributes } of entries) {
    const own = new Set<string>();
    for (const [name, text] of flattenAttributes(attributes)) {
      const path = fold(name);
      const known = seen.get(path) ?? { name, entries: 0, values: new Set(), areNumbers: true };
      seen.set(path, known);
      if (!own.has(path)) known.entries++;
      own.add(path);
      known.values.add(text);
      known.areNumbers &&= text.trim() !== "" && !Number.isNaN(Number(text));
    }
  }
  const sampled = [...seen]
    .filter(([path]) => isAttribute(path))
    .sort(([a, one], [b, other]) => other.entries - one.entries || (a < b ? -1 : 1));
  const segments = entries.length === 0 ? [] : await listSegments(context.db, sought.from, sought.to);
  const columns = new Set(segments.flatMap(({ attributeColumns }) => attributeColumns.map(({ path }) => path)));
  const others = [...columns].filter((path) => !seen.has(path) && isAttribute(path)).sort();
  const fields = [
    ...["service", "level", "tag"].map((name) => ({ name, areIds: false })),
    ...[
      ...sampled.map(([, { name, entries: having, values, areNumbers }]) => ({
        name,
        areIds: !areNumbers && values.size > FEW_VALUES && values.size > having / 2,
      })),
      ...others.map((name) => ({ name, areIds: false })),
    ].slice(0, LIMITS.facetFields),
  ];
  return { fields, isAll: !timed_out || entries.length === SAMPLED };
}

/** Not one that is called like a field of every entry: in a query its name means that one. */
const isAttribute = (path: string) => path !== MESSAGE_ANSI && knownField(path) === null;
