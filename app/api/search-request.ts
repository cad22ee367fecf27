import { z } from "zod";
import { microsParameter } from "@/app/api/parameters";
import { addMs, DAY_MS } from "@/core/clock";
import { invalidField } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import type { Runtime } from "@/core/runtime";
import { normaliseQuery } from "@/core/search/query/normalise-query";
import { parseQuery as parseSearch } from "@/core/search/query/parse";
import type { QueryNode } from "@/core/search/query/query-tree";
import { serviceNameSchema } from "@/core/service-name";

/** Parameters of all that searches. */
export const searchParameters = {
  q: z.string().default(""),
  from: microsParameter.optional(),
  to: microsParameter.optional(),
  service: serviceNameSchema.optional(),
  level: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).optional(),
};

type Parameters = { q: string; from?: number; to?: number; service?: string; level?: (typeof LEVELS)[number] };

/** The query with what the parameters add to it, and the time that it is of: all that is kept when none is named. */
export async function searchOf({ clock, settings }: Runtime, { q, from, to, service, level }: Parameters) {
  const now = clock.now();
  const children: QueryNode[] = [parseSearch(q)];
  if (level !== undefined) {
    children.push({ kind: "match", field: { name: "level" }, test: { op: "levels", levels: [LEVELS.indexOf(level)] } });
  }
  if (from !== undefined && to !== undefined && from >= to) throw invalidField("from", "must be before to");
  for (const { micros, comparison } of [
    { micros: from, comparison: ">=" },
    { micros: to, comparison: "<" },
  ] as const) {
    // The range is of whole milliseconds: what is finer is a condition of the query.
    if (micros === undefined || micros % 1_000 === 0) continue;
    children.push({ kind: "match", field: { name: "timestamp" }, test: { op: "compare", comparison, value: micros } });
  }
  const range = {
    from:
      from === undefined
        ? addMs(now, -((await settings.retentionDays()) + 1) * DAY_MS)
        : new Date(Math.floor(from / 1_000)),
    to: to === undefined ? addMs(now, LIMITS.futureMs + DAY_MS) : new Date(Math.ceil(to / 1_000)),
  };
  if (range.from >= range.to) throw invalidField("from", "must be before to");
  return { query: normaliseQuery({ kind: "and", children }), service, ...range };
}
