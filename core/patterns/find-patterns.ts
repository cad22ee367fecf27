import pLimit from "p-limit";
import { getStats } from "@/core/analytics/get-stats";
import { parsePipes } from "@/core/analytics/parse-pipes";
import type { StatsAnswer } from "@/core/analytics/schemas";
import type { StatsAsked } from "@/core/analytics/stats-asked";
import { SECOND_MS } from "@/core/clock";
import { isLevel, LEVELS, type Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { normaliseQuery } from "@/core/search/query/normalise-query";
import type { QueryNode } from "@/core/search/query/query-tree";
import { searchLogs } from "@/core/search/search-logs";
import type { EntriesContext } from "@/core/segments/segments";
import type { FoundPattern, FoundPatterns } from "./found-schemas";
import { renderTemplate } from "./render-template";
import { patternSample } from "./scan-sample";

type Asked = Omit<StatsAsked, "pipeline" | "zone"> & { limit: number; offset: number };

/** Searches for samples at the same time. */
const SEARCHES = 4;
/** As much as tells a pattern. */
const PART = { characters: LIMITS.patternSampleBytes, attributes: false };
const UNKNOWN = "entries without a pattern";

type Counted = { pattern: string | null; level: Level; count: number };
type Courses = { firstMs: number; stepMs: number; counts: ReadonlyMap<string | null, number[]> };

/**
 * The patterns of what a search finds, the most frequent first: counted exactly, of every level, with aliases as what they are aliases
 * of. Only for those of the page their course and a real message are looked for.
 * @throws Fault invalid when it takes too long, too_busy when too many wait
 */
export async function findPatterns(
  context: EntriesContext,
  { limit, offset, ...asked }: Asked,
): Promise<FoundPatterns> {
  const answer = await getStats(context, { ...asked, pipeline: parsePipes("| stats count() by (pattern, level)", 0) });
  const counted = countedPatterns(answer);
  const page = counted.slice(offset, offset + limit);
  const courses = await readCourses(context, asked, page);
  const atOnce = pLimit(SEARCHES);
  const patterns = await Promise.all(
    page.map((one) => atOnce(() => tellPattern(context, asked, one, { courses, entries: answer.entries }))),
  );
  return {
    entries: answer.entries,
    total: counted.length,
    patterns,
    step_seconds: courses.stepMs / SECOND_MS,
    from: answer.from,
    to: answer.to,
    complete: answer.complete,
    missing_segments: answer.missing_segments,
    missing_count: answer.missing_count,
  };
}

function countedPatterns({ rows }: StatsAnswer): Counted[] {
  const counted = new Map<string | null, Counted>();
  for (const [id = null, level, count] of rows) {
    if (typeof level !== "string" || !isLevel(level) || typeof count !== "number") continue;
    const pattern = id === null ? null : String(id);
    const known = counted.get(pattern) ?? { pattern, level, count: 0 };
    known.count += count;
    if (LEVELS.indexOf(level) > LEVELS.indexOf(known.level)) known.level = level;
    counted.set(pattern, known);
  }
  return [...counted.values()].sort((one, other) => other.count - one.count);
}

/** How often those of a page came in each step. */
async function readCourses(
  context: EntriesContext,
  asked: Omit<Asked, "limit" | "offset">,
  page: readonly Counted[],
): Promise<Courses> {
  // Of these alone: a page of them has no more steps than an answer may have groups.
  const answer = await getStats(context, {
    ...asked,
    query: both(asked.query, ofPatterns(page.map(({ pattern }) => pattern))),
    pipeline: parsePipes("| timeseries count() by (pattern)", 0),
  });
  const stepMs = (answer.step_seconds ?? 1) * SECOND_MS;
  const firstMs = Math.floor(Date.parse(answer.from) / stepMs) * stepMs;
  const length = Math.ceil((Date.parse(answer.to) - firstMs) / stepMs);
  const counts = new Map(page.map(({ pattern }) => [pattern, new Array<number>(length).fill(0)]));
  for (const [time, pattern = null, count] of answer.rows) {
    const course = counts.get(pattern === null ? null : String(pattern));
    if (course && typeof count === "number") course[(Date.parse(String(time)) - firstMs) / stepMs] = count;
  }
  return { firstMs, stepMs, counts };
}

async function tellPattern(
  context: EntriesContext,
  asked: Omit<Asked, "limit" | "offset">,
  { pattern, level, count }: Counted,
  { courses: { firstMs, stepMs, counts }, entries }: { courses: Courses; entries: number },
): Promise<FoundPattern> {
  const course = counts.get(pattern) ?? [];
  const timeOf = (step: number) => new Date(Math.max(asked.from.getTime(), firstMs + Math.max(0, step) * stepMs));
  const last = course.findLastIndex((times) => times > 0);
  const newest =
    pattern === null || last < 0 ? null : await newestOf(context, asked, pattern, timeOf(last), timeOf(last + 1));
  const message = newest?.message ?? "";
  return {
    pattern,
    template: pattern === null ? UNKNOWN : renderTemplate(sampleOf(message)),
    message,
    level,
    count,
    share: entries === 0 ? 0 : count / entries,
    counts: course,
    first_seen: timeOf(course.findIndex((times) => times > 0)).toISOString(),
    last_seen: newest?.timestamp ?? timeOf(last).toISOString(),
  };
}

/** Its newest entry, within the step that is known to have it. */
async function newestOf(
  context: EntriesContext,
  { query, service, signal, to: end }: Omit<Asked, "limit" | "offset">,
  pattern: string,
  from: Date,
  to: Date,
) {
  const { entries } = await searchLogs(context, {
    query: both(query, ofPatterns([pattern])),
    from,
    to: to < end ? to : end,
    limit: 1,
    part: PART,
    ...(service === undefined ? {} : { service }),
    ...(signal === undefined ? {} : { signal }),
  });
  return entries[0] ?? null;
}

const both = (one: QueryNode, other: QueryNode) => normaliseQuery({ kind: "and", children: [one, other] });

/** Null among them: entries without one. */
function ofPatterns(ids: readonly (string | null)[]): QueryNode {
  const matching = (some: string[] | null): QueryNode => ({
    kind: "match",
    field: { name: "pattern" },
    test: { op: "patterns", ids: some },
  });
  const named = matching(ids.flatMap((id) => id ?? []));
  return ids.includes(null) ? { kind: "or", children: [named, { kind: "not", child: matching(null) }] } : named;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const sampleOf = (message: string) => decoder.decode(patternSample(encoder.encode(message)));
