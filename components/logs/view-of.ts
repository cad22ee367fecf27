import type { ExplorerView } from "@/core/views/schemas";

/** What is drawn of a query that doesn't say what to do with its lines. */
export const DEFAULT_PIPES = "| timeseries count() by (level)";

/** Whether groups are of time: they are a course, and read as one. */
const IS_OVER_TIME = /\|\s*(?:timeseries\b|stats\b[^|]*\bby\s*\([^|)]*\btime\b)/i;

/**
 * The view that suits a query, where the URL names none.
 * @param pipes what is done with its lines; null for a query of lines
 */
export function viewFor(pipes: string | null): ExplorerView {
  if (pipes === null) return "lines";
  return IS_OVER_TIME.test(pipes) ? "chart" : "table";
}

/** What is computed: of the first pipe what comes before its groups. */
const MEASURES = /^\s*\|\s*\w+\s*(.*?)\s*(?:\bby\s*\(|\||$)/is;

/** Whether two queries compute the same of their lines, in whatever groups; null for what is drawn where nothing is said. */
export function isSameMeasure(before: string | null, after: string | null): boolean {
  const [one, other] = [before, after].map((pipes) => MEASURES.exec(pipes ?? DEFAULT_PIPES)?.[1]);
  return one === other;
}

/**
 * The view that stays when another query is asked: who adds a pipe wants to see what it gives, and who takes it away the lines.
 * @returns null for that which suits the query
 */
export function viewAfter(view: ExplorerView | null, before: string | null, after: string | null): ExplorerView | null {
  if (view === null || (before === null) === (after === null)) return view;
  if (after === null) return view === "table" ? null : view;
  return view === "lines" || view === "patterns" ? null : view;
}
