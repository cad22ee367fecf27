import { splitPipes } from "@/core/analytics/find-pipe";
import { writtenName } from "@/core/analytics/written-name";
import { isFault } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { conditionOf, escapedName, inQuotes, quoteValue } from "@/core/search/query/quote-value";
import { findClosing } from "@/core/search/query/tokenise";
import type { Facets } from "@/core/search/schemas";

const FIELDS = ["level:", "level>=", "service:", "message:", "tag:", "timestamp>=", "AND", "OR", "NOT"] as const;

const MOST_COMPLETIONS = 12;

/** What may come next behind a |. */
const PIPES = ["stats ", "top ", "timeseries ", "where ", "math ", "sort by ", "limit ", "fields "] as const;
const CALLS = [
  ...["count", "count_distinct", "sum", "avg", "min", "max", "median"],
  ...["p50", "p90", "p95", "p99", "quantile", "first", "last", "rate"],
];
/** What may stand in it. */
const IN_PIPES = [
  ...["count()", "rate()", ...CALLS.map((name) => `${name}(`)],
  ...["by (", "if (", "as ", "time(5m)", "hour", "weekday", "service", "level", "pattern", "tag"],
  ...["asc", "desc", "and ", "or ", "not "],
];

/** Behind as: a name of a column, as it is written. */
const NAMED = /\bas\s+("(?:\\.|[^"\\])*"|[^\s(),|"'=<>!]+)/gis;

const startsWith = (text: string, start: string) => text.toLowerCase().startsWith(start.toLowerCase());

/**
 * As completions(), for the last word of a table's part: names of columns, words of the language and attributes, in quotes where they need them.
 * @returns null for a query of lines
 */
export function pipeCompletions(text: string, attributes: Facets["fields"]): string[] | null {
  const quote = openQuote(text);
  const lastFrom = quote ?? text.length - (/[^\s(),|"]*$/.exec(text)?.[0].length ?? 0);
  const [before, last] = [text.slice(0, lastFrom), text.slice(lastFrom)];
  const finish = (words: readonly string[]) =>
    [...new Set(words)]
      .filter((word) => word !== last)
      .slice(0, MOST_COMPLETIONS)
      .map((word) => before + word);
  if (/(?:^|[\s)"])\|\s*$/.test(before)) return finish(PIPES.filter((pipe) => startsWith(pipe, last)));
  const { pipes } = splitPipes(before);
  if (pipes === null) return null;
  // Who names a column is helped by no other name.
  if (last === "" || /\bas\s+$/i.test(before)) return [];
  const columns = [...pipes.matchAll(NAMED)].map(([, name = ""]) => unquoted(name));
  const names = [...columns, ...attributes.map(({ name }) => name)];
  if (quote !== null) return finish(names.filter((name) => startsWith(inQuotes(name), last)).map(inQuotes));
  const begun = (all: readonly string[]) => all.filter((name) => startsWith(name, last));
  return finish([
    ...begun(columns).map(writtenColumn),
    ...begun(IN_PIPES),
    ...begun(attributes.map(({ name }) => name)).map(writtenName),
  ]);
}

/** In where and math a number would be read where a name begins as one. */
const writtenColumn = (name: string) => (/^[\d-]/.test(name) ? inQuotes(name) : writtenName(name));

/** Where the query of a measure begins, behind if, that is not at its end; null where none is being typed. */
function openCondition(text: string): number | null {
  const last = [...text.matchAll(/\bif\s*\(/gi)].at(-1);
  if (!last) return null;
  const from = last.index + last[0].length;
  try {
    return findClosing(text, from) === null ? from : null;
  } catch (error) {
    // What is being typed may not be a query yet.
    if (isFault(error)) return from;
    throw error;
  }
}

const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : name);

/** Where a quote begins that is not closed; null when there is none. */
function openQuote(text: string): number | null {
  let open: number | null = null;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') open = open === null ? at : null;
  }
  return open;
}

/** Whole queries, each with one way to finish the last word. */
export function completions(text: string, services: readonly string[], attributes: Facets["fields"]): string[] {
  const inPipes = pipeCompletions(text, attributes);
  if (inPipes) {
    const from = openCondition(text);
    if (from === null) return inPipes;
    return completions(text.slice(from), services, attributes).map((query) => text.slice(0, from) + query);
  }
  const last = /(?:^|[\s(])([^\s()]*)$/.exec(text)?.[1] ?? "";
  const before = text.slice(0, text.length - last.length);
  const finish = (candidates: readonly string[]) =>
    candidates
      .filter((candidate) => candidate !== last && candidate.toLowerCase().startsWith(last.toLowerCase()))
      .slice(0, MOST_COMPLETIONS)
      .map((candidate) => before + candidate);
  const [, field, comparison] = /^(.*?[^\\])(>=|<=|[:<>])/.exec(last) ?? [];
  if (last === "") return [];
  if (field === undefined || comparison === undefined)
    return finish([...FIELDS, ...attributes.map(({ name }) => `${escapedName(name)}:`)]);
  const known = field.toLowerCase();
  if (known === "level") return finish(LEVELS.map((level) => field + comparison + level));
  if (comparison !== ":") return [];
  // They hold what is typed, maybe not at their beginning, and in quotes where that needs none.
  if (known === "service")
    return services.map((service) => `${before}${field}:${quoteValue(service)}`).slice(0, MOST_COMPLETIONS);
  const attribute = attributes.find(({ name }) => escapedName(name).toLowerCase() === known);
  return finish((attribute?.values ?? []).map(({ value }) => conditionOf(attribute?.name ?? "", value)));
}
