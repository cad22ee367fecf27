import { z } from "zod";
import { microsParameter } from "@/app/api/parameters";
import { findPipe } from "@/core/analytics/find-pipe";
import { addMs, ceilTo, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import { invalidField } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import type { Runtime } from "@/core/runtime";
import type { AskedSearch } from "@/core/search/explain-nothing";
import { normaliseQuery } from "@/core/search/query/normalise-query";
import { queryError } from "@/core/search/query/query-error";
import type { QueryNode } from "@/core/search/query/query-tree";
import { conditionOf } from "@/core/search/query/quote-value";
import { readQuery } from "@/core/search/query/read-query";
import { serviceNameSchema } from "@/core/service-name";

/** Parameters of all that searches. */
export const searchParameters = {
  q: z.string().default(""),
  from: microsParameter.optional(),
  to: microsParameter.optional(),
  service: serviceNameSchema.optional(),
  level: oneOf(LEVELS).optional(),
};

type Parameters = { q: string; from?: number; to?: number; service?: string; level?: (typeof LEVELS)[number] };

/**
 * Refuses what comes after a pipe, where lines are asked for.
 * @throws Fault invalid with its place
 */
function refusePipes(q: string): void {
  const pipe = findPipe(q);
  if (pipe === null) return;
  throw queryError("| begins a table, which GET /api/logs/stats and the page Logs give", pipe, q.length - pipe);
}

/** The query with what the parameters add to it, and the time that it is of: all that is kept when none is named. */
export async function searchOf(
  { clock, settings }: Pick<Runtime, "clock"> & { settings: Pick<Runtime["settings"], "retentionPlan" | "masker"> },
  { q, from, to, service, level }: Parameters,
): Promise<AskedSearch> {
  refusePipes(q);
  const now = clock.now();
  const [retention, masker] = await Promise.all([settings.retentionPlan(), settings.masker()]);
  const asked = readQuery(q, { nowMs: now.getTime(), retention, masker });
  if (from !== undefined && to !== undefined && from >= to) throw invalidField("from", "must be before to");
  const kept = {
    from: floorTo(addMs(now, -(retention.longestDays + 1) * DAY_MS), MINUTE_MS),
    to: ceilTo(addMs(now, LIMITS.futureMs + DAY_MS), MINUTE_MS),
  };
  const range = within(kept, from, to);
  const conditions = [
    ...(service === undefined ? [] : [conditionOf("service", service)]),
    ...(level === undefined ? [] : [conditionOf("level", level)]),
  ];
  const narrow = (tree: QueryNode) => allOf(tree, ...(level === undefined ? [] : [levelCondition(level)]));
  const query = allOf(narrow(asked.tree), ...timeConditions(kept, from, to));
  return { query, service, ...range, asked, narrow, conditions, kept };
}

type Range = { from: Date; to: Date };

/** What of a time may have entries: who asks for all since the year 0 means those that there are. @param from in µs, as `to` */
function within(kept: Range, from: number | undefined, to: number | undefined): Range {
  const cut = (ms: number) => Math.min(Math.max(ms, kept.from.getTime()), kept.to.getTime());
  const begin = from === undefined ? kept.from.getTime() : cut(Math.floor(from / 1_000));
  const end = to === undefined ? kept.to.getTime() : cut(Math.ceil(to / 1_000));
  return { from: new Date(Math.min(begin, kept.to.getTime() - 1)), to: new Date(Math.max(end, begin + 1)) };
}

const allOf = (...children: QueryNode[]) => normaliseQuery({ kind: "and", children });

/** The range of a search is of whole milliseconds: what is finer is a condition of the query, unless it was cut to what is kept. */
const timeConditions = (kept: Range, from: number | undefined, to: number | undefined): QueryNode[] =>
  (
    [
      { micros: from, comparison: ">=" },
      { micros: to, comparison: "<" },
    ] as const
  ).flatMap(({ micros, comparison }) =>
    micros === undefined ||
    micros % 1_000 === 0 ||
    micros < kept.from.getTime() * 1_000 ||
    micros >= kept.to.getTime() * 1_000
      ? []
      : [{ kind: "match", field: { name: "timestamp" }, test: { op: "compare", comparison, value: micros } }],
  );

const levelCondition = (level: (typeof LEVELS)[number]): QueryNode => ({
  kind: "match",
  field: { name: "level" },
  test: { op: "levels", levels: [LEVELS.indexOf(level)] },
});
