import { findPipe, requirePipe } from "@/core/analytics/find-pipe";
import { parsePipes } from "@/core/analytics/parse-pipes";
import type { Call, Key, Stats, TablePipe } from "@/core/analytics/pipe-tree";
import { Fault, invalidField, isFault } from "@/core/errors";
import { parseQuery } from "@/core/search/query/parse";
import { queryError } from "@/core/search/query/query-error";
import type { QueryNode } from "@/core/search/query/query-tree";
import { inQuotes } from "@/core/search/query/quote-value";
import type { QueryWatch } from "./schemas";

/** What an alert computes of the lines of a window. */
export type AlertQuery = {
  /** The whole, as the explorer takes it. */
  text: string;
  /** What selects the lines that are behind the number. */
  lines: string;
  query: QueryNode;
  /** Its last measure counts the lines of a group, whatever else is asked. */
  stats: Stats;
  after: readonly TablePipe[];
  /** The column that is compared. */
  value: string;
  /** What a group without lines has of it. */
  empty: 0 | null;
  /** Lines that come can only raise the number: a window that crossed stays so. */
  isRising: boolean;
};

type Watch = Pick<QueryWatch, "watch" | "query" | "of" | "by" | "against" | "comparison">;

/** The name of the last measure, which nobody can write. */
export const LINES = "\0lines";
const SHARE = "share";

/**
 * Reads what an alert watches.
 * @throws Fault invalid with what is wrong, in which field and where in the query
 */
export function readAlertQuery(watch: Watch): AlertQuery {
  if (watch.watch === "change" && watch.against === null) {
    throw invalidField("against", "must be hour, day or week for a change");
  }
  const lines = inField("query", () => linesOf(watch));
  const of = watch.watch === "share" ? inField("of", () => onlyLines(watch.of)) : "";
  const text = textOf(watch, lines, of);
  return inField("query", () => {
    const pipe = findPipe(text) ?? text.length;
    const { stats, after } = parsePipes(text, pipe);
    checkKeys(stats.by, text, pipe);
    const columns = columnsOf(stats, after);
    const lost = stats.by.find(({ name }) => !columns.some((column) => column.name === name));
    if (lost)
      throw queryError(`the table has lost the column ${lost.name}, by which it is grouped`, pipe, text.length - pipe);
    const numbers = columns.filter(({ kind }) => kind === "number");
    // Beside a number it is shown, by itself it is compared.
    const compared = numbers.length > 0 ? numbers : columns.filter(({ kind }) => kind === "sent");
    const [value, ...others] = compared;
    if (!value || others.length > 0) throw queryError(oneNumber(compared), pipe, text.length - pipe);
    const measure = stats.measures.find(({ name }) => name === value.name);
    const isCount = measure !== undefined && COUNTS.includes(measure.call.kind);
    return {
      text,
      lines,
      query: parseQuery(text.slice(0, pipe)),
      stats: {
        ...stats,
        measures: [...stats.measures, { name: LINES, call: { kind: "count", field: null }, condition: null }],
      },
      after,
      value: value.name,
      empty: isCount ? 0 : null,
      isRising:
        watch.watch === "value" &&
        watch.comparison.startsWith(">") &&
        after.every(({ kind }) => kind === "fields") &&
        (isCount || measure?.call.kind === "max"),
    };
  });
}

const COUNTS: readonly string[] = ["count", "rate", "count_distinct"];

function oneNumber(numbers: readonly { name: string }[]): string {
  if (numbers.length === 0) return "an alert needs one number to compare";
  const names = numbers.map(({ name }) => name).join(", ");
  return `an alert compares one number, and there are ${names}: choose one by | fields`;
}

function checkKeys(by: readonly Key[], text: string, pipe: number): void {
  if (by.some(({ of }) => of.kind === "time")) {
    throw queryError("an alert has a window for its time: leave time out", pipe, text.length - pipe);
  }
}

/** The text that selects the lines behind the number. */
function linesOf({ watch, query }: Watch): string {
  if (watch === "share" || watch === "absence") return onlyLines(query);
  return query.slice(0, requirePipe(query)).trim();
}

/** @throws Fault invalid for what has pipes, or is no query */
function onlyLines(query: string): string {
  const pipe = findPipe(query);
  if (pipe !== null) throw queryError("only lines can be asked for here, no table", pipe, query.length - pipe);
  parseQuery(query);
  return query.trim();
}

function textOf({ watch, query, by }: Watch, lines: string, of: string): string {
  if (watch === "absence") return `${lines} | stats count() as lines`.trim();
  if (watch !== "share") return query;
  const keys = by.map((name) => (/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? name : inQuotes(name)));
  const grouped = keys.length === 0 ? "" : ` by (${keys.join(", ")})`;
  const counted = lines === "" ? "count()" : `count() if (${lines})`;
  return `${of} | stats ${counted} as matching, count() as lines${grouped} | math matching / lines * 100 as ${SHARE} | fields ${[...keys, SHARE].join(", ")}`.trim();
}

/** @property kind `sent`: a value as it was sent, which may look like a number */
type ColumnName = { name: string; kind: "number" | "sent" | "text" };

function kindOf(call: Call): ColumnName["kind"] {
  if (call.kind !== "first" && call.kind !== "last") return "number";
  return call.field.name === "attribute" ? "sent" : "text";
}

/** The columns of the table at its end; the keys are no numbers to compare. */
function columnsOf({ by, measures }: Stats, after: readonly TablePipe[]): ColumnName[] {
  let columns: ColumnName[] = [
    ...by.map(({ name }) => ({ name, kind: "text" as const })),
    ...measures.map(({ name, call }) => ({ name, kind: kindOf(call) })),
  ];
  for (const pipe of after) {
    if (pipe.kind === "math") columns.push({ name: pipe.name, kind: "number" });
    if (pipe.kind === "fields")
      columns = pipe.columns.flatMap((name) => columns.find((one) => one.name === name) ?? []);
  }
  return columns;
}

/** What is wrong with a query is told beside its field too. */
function inField<Result>(field: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!isFault(error) || error.kind !== "invalid") throw error;
    const data = typeof error.data === "object" ? error.data : {};
    throw new Fault("invalid", `${field}: ${error.message}`, { ...data, fields: { [field]: error.message } });
  }
}
