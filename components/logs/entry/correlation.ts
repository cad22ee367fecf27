import { addMs, HOUR_MS } from "@/core/clock";
import { logsPath } from "@/core/search/logs-path";
import { conditionOf, escapedName, inQuotes } from "@/core/search/query/quote-value";

/** Leads from an id that several lines have to all of them. `what` it is of: "trace", "request". */
export type Correlation = { what: string; href: string };

/**
 * What an id is of, by how its name ends without signs; the names that loggers and tracers give it, and those of what has it within.
 */
const KINDS: readonly { what: string; ending: RegExp; names: readonly string[]; within: readonly string[] }[] = [
  {
    what: "trace",
    ending: /traceid$|traceparent$/,
    names: ["trace_id", "traceId", "trace.id", "dd.trace_id", "mdc.traceId", "contextMap.traceId"],
    within: ["traceparent"],
  },
  {
    what: "request",
    ending: /req(?:uest)?id$/,
    names: ["request_id", "requestId", "request.id", "x-request-id", "req.id"],
    within: [],
  },
  {
    what: "correlation",
    ending: /correlationid$/,
    names: ["correlation_id", "correlationId", "correlation.id", "x-correlation-id"],
    within: [],
  },
];

/** As W3C's Trace Context writes it: version, trace, span, flags. */
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/i;
const TRACE_ID = /^[\da-f]{32}$/i;
const LONGEST = 200;
/** A tracer that has none says so by zeros. */
const NONE = /^[0-]*$/;
/** Before and after: what belongs together is rarely further apart. */
const AROUND_MS = 12 * HOUR_MS;

/**
 * Reads an attribute as the id of a trace, a request or the like. Other services may have it by another name, or only in their
 * messages: the search that it leads to looks there too.
 * @param name as the query language calls it
 * @param timestamp of the entry
 */
export function correlationOf(name: string, value: string, timestamp: string): Correlation | null {
  const bare = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const kind = KINDS.find(({ ending }) => ending.test(bare));
  if (!kind || value.length > LONGEST || /\s/.test(value) || NONE.test(value)) return null;
  const id = TRACEPARENT.exec(value)?.[1] ?? value;
  const conditions = new Map([[name.toLowerCase(), id === value ? conditionOf(name, value) : hasWithin(name, id)]]);
  const others = [
    ...kind.names.map((other) => [other, conditionOf(other, id)] as const),
    ...(TRACE_ID.test(id) ? kind.within.map((other) => [other, hasWithin(other, id)] as const) : []),
  ];
  for (const [other, condition] of others) {
    if (!conditions.has(other.toLowerCase())) conditions.set(other.toLowerCase(), condition);
  }
  const time = new Date(timestamp);
  const around = { from: addMs(time, -AROUND_MS).toISOString(), to: addMs(time, AROUND_MS).toISOString() };
  return { what: kind.what, href: logsPath([...conditions.values(), inQuotes(id)].join(" OR "), around) };
}

/** @param id of letters and digits alone, which need no quotes */
const hasWithin = (name: string, id: string) => `${escapedName(name)}:*${id}*`;
