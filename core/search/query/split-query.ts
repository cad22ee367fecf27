import { parseTokens } from "./parse";
import { tokenise } from "./tokenise";

/** The terms and groups of a query that stand next to one another, each as it is written. */
export type QueryParts = {
  /** All of them must hold; else the query has alternatives. */
  isAnd: boolean;
  parts: string[];
};

/** Whether one pair of parentheses stands around all of a query. @throws Fault invalid with what is wrong and where */
export function isGroup(query: string): boolean {
  const tokens = tokenise(query);
  return (
    tokens[0]?.kind === "(" && parseTokens(tokens, query.length).ranges.length === 1 && tokens.at(-1)?.kind === ")"
  );
}

/** The query as a group. A backslash at its end is one there, and must not escape the parenthesis. */
export const inParentheses = (query: string): string => `(${query}${/(?<!\\)(?:\\\\)*\\$/.test(query) ? "\\" : ""})`;

/** @throws Fault invalid with what is wrong and where */
export function splitQuery(query: string): QueryParts {
  if (isGroup(query)) return splitQuery(query.trim().slice(1, -1));
  const tokens = tokenise(query);
  if (tokens.length === 0) return { isAnd: true, parts: [] };
  const { ranges, isAnd } = parseTokens(tokens, query.length);
  return { isAnd, parts: ranges.map(({ from, end }) => query.slice(from, end)) };
}
