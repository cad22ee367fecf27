import { queryError } from "@/core/search/query/query-error";

const PIPE = /\|\s*(?:stats|top|timeseries|where|math|sort|limit|fields)(?![\p{L}\p{N}_.:])/iuy;

/**
 * Where a query's first pipe is: a | outside of quotes that begins a part of its own and is followed by a word of the language, so
 * that a | within a line that is searched for is text.
 * @returns null when there is none
 */
export function findPipe(query: string): number | null {
  let isQuoted = false;
  for (let at = 0; at < query.length; at++) {
    const character = query[at];
    if (character === "\\") at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "|" && !isQuoted && /^$|[\s)"]/.test(query[at - 1] ?? "")) {
      PIPE.lastIndex = at;
      if (PIPE.test(query)) return at;
    }
  }
  return null;
}

/** The same where there must be one. @throws Fault invalid with the place behind the query */
export function requirePipe(query: string): number {
  const pipe = findPipe(query);
  if (pipe !== null) return pipe;
  throw queryError("a pipe is missing, such as | stats count() by (service)", Math.max(0, query.length - 1));
}

/** What selects lines, and what is done with them, from the first pipe on; null where there is none. */
export function splitPipes(query: string): { lines: string; pipes: string | null } {
  const pipe = findPipe(query);
  return pipe === null
    ? { lines: query, pipes: null }
    : { lines: query.slice(0, pipe).trim(), pipes: query.slice(pipe) };
}
