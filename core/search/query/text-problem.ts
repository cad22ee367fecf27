import { LIMITS } from "@/core/limits";
import type { QueryProblem } from "./query-problem";

/**
 * What is wrong with text that is no query whatever it says; null for text that may be one. Pages ask too: what is too long for a query may
 * be too long for an address, which is refused before Cordwood can say why.
 */
export function textProblem(query: string): QueryProblem | null {
  const all = { position: 0, length: query.length };
  if (new TextEncoder().encode(query).length > LIMITS.queryBytes)
    return { ...all, problem: `the query has more than ${LIMITS.queryBytes} bytes` };
  const nul = query.indexOf("\0");
  if (nul >= 0) return { position: nul, length: 1, problem: "the NUL character can't be searched for" };
  if (!query.isWellFormed()) return { ...all, problem: "the query has half a surrogate pair" };
  return null;
}
