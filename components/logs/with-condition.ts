import { isFault } from "@/core/errors";
import { hasManyWords, isExplicit } from "@/core/search/query/is-explicit";
import { parseQuery } from "@/core/search/query/parse";
import { inParentheses, isGroup, splitQuery } from "@/core/search/query/split-query";

/**
 * Adds a condition to a query so that both must hold. What could be taken for a pasted line is one group, whose parentheses say that it is
 * a query; the next condition comes into the same one.
 */
export function withCondition(q: string, condition: string): string {
  const before = q.trim();
  if (before === "") return condition;
  try {
    const isWhole = isGroup(before);
    const inner = isWhole ? before.slice(1, -1).trim() : before;
    const both = `${splitQuery(inner).isAnd ? inner : inParentheses(inner)} ${condition}`;
    return isWhole || canBeLine(both) ? inParentheses(both) : both;
  } catch (error) {
    // What is no query is told when it is asked.
    if (isFault(error)) return `${before} ${condition}`;
    throw error;
  }
}

const canBeLine = (query: string) => hasManyWords(query) && !isExplicit(query, parseQuery(query));
