import { LIMITS } from "@/core/limits";
import { checkQuery } from "@/core/search/query/parse";
import { queryError } from "@/core/search/query/query-error";
import { regexEnd } from "@/core/search/query/tokenise";

const PIPE = /\|\s*(?:stats|top|timeseries|where|math|sort|limit|fields)(?![\p{L}\p{N}_.:])/iuy;

/** What stands in a word before a value: nothing, or the name of a field. */
const BEFORE_VALUE = /^-*(?:[^/]+:)?$/;

/**
 * Where a query's first pipe is: a | outside of quotes and regular expressions that begins a part of its own and is followed by a word of
 * the language, so that a | within a line that is searched for is text.
 * @returns null when there is none, and for a text that is too long for a query
 */
export function findPipe(query: string): number | null {
  if (query.length > LIMITS.queryBytes) return null;
  let isQuoted = false;
  let wordFrom = 0;
  for (let at = 0; at < query.length; at++) {
    const character = query[at] ?? "";
    if (character === "\\") at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && isPipe(query, at)) return at;
    else if (!isQuoted && character === "/" && BEFORE_VALUE.test(query.slice(wordFrom, at))) {
      const end = regexEnd(query, at, false);
      // One that seems to go on behind a pipe is a path before it and a sign of division in what follows.
      if (end !== null && !hasPipe(query, at, end)) at = end - 1;
    }
    if (/[\s()"]/.test(character)) wordFrom = at + 1;
  }
  return null;
}

function isPipe(query: string, at: number): boolean {
  if (query[at] !== "|" || !/^$|[\s)"]/.test(query[at - 1] ?? "")) return false;
  PIPE.lastIndex = at;
  return PIPE.test(query);
}

function hasPipe(query: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (isPipe(query, at)) return true;
  return false;
}

/** The same where there must be one. @throws Fault invalid with the place behind the query, and for text that no search may be given */
export function requirePipe(query: string): number {
  checkQuery(query);
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
