import { queryError } from "./query-error";
import { COMPARISONS, type Comparison } from "./query-tree";

/** A value as it was written. `parts` of a word are what stands between its wildcards. */
export type Value =
  | { kind: "word"; parts: string[] }
  | { kind: "phrase"; text: string }
  | { kind: "regex"; source: string };

export type Token = { position: number; length: number } & (
  | { kind: "(" | ")" | "AND" | "OR" | "NOT" | "-" }
  | { kind: "term"; field: string | null; operator: ":" | Comparison | null; value: Value; valuePosition: number }
);

const SPACE = /\s/;
const OPERATORS = ["AND", "OR", "NOT"] as const;
/** A field's name, and the operator that makes it one. `://` is that of a URL. */
const FIELD = /((?:[^\s()":<>/\\-]|\\.)(?:[^\s()":<>/\\]|\\.)*)(:(?!\/\/)|>=|<=|>|<)/y;

/** Cuts a query into tokens, in one pass. @throws Fault invalid with the position */
export function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const put = (token: Omit<Token, "length">, end: number) => {
    tokens.push({ ...token, length: end - token.position } as Token);
    at = end;
  };
  while (at < query.length) {
    const character = query[at] ?? "";
    if (SPACE.test(character)) {
      at++;
      continue;
    }
    if (character === "(" || character === ")") {
      put({ kind: character, position: at }, at + 1);
      continue;
    }
    if (character === "-" && at + 1 < query.length && !SPACE.test(query[at + 1] ?? "")) {
      put({ kind: "-", position: at }, at + 1);
      continue;
    }
    const operator = OPERATORS.find((name) => query.startsWith(name, at) && isBoundary(query, at + name.length));
    if (operator) put({ kind: operator, position: at }, at + operator.length);
    else at = readTerm(query, at, tokens);
  }
  return tokens;
}

const isBoundary = (query: string, at: number) => at >= query.length || /[\s()]/.test(query[at] ?? "");

function readTerm(query: string, from: number, tokens: Token[]): number {
  FIELD.lastIndex = from;
  const found = FIELD.exec(query);
  const field = found?.[1] === undefined ? null : found[1].replaceAll(/\\(.)/gs, "$1");
  const operator = found ? ([":", ...COMPARISONS] as const).find((known) => known === found[2]) : undefined;
  const valueFrom = found ? FIELD.lastIndex : from;
  if (found && isBoundary(query, valueFrom)) {
    throw queryError(`a value is missing after ${found[0]}`, from, found[0].length);
  }
  const { value, end } = readValue(query, valueFrom);
  const position = { position: from, length: end - from, valuePosition: valueFrom };
  tokens.push({ kind: "term", field, operator: operator ?? null, value, ...position });
  return end;
}

function readValue(query: string, from: number): { value: Value; end: number } {
  if (query[from] === '"') return readPhrase(query, from);
  if (query[from] === "/") return readRegex(query, from);
  return readWord(query, from);
}

function readPhrase(query: string, from: number): { value: Value; end: number } {
  let text = "";
  for (let at = from + 1; at < query.length; at++) {
    if (query[at] === '"') return { value: { kind: "phrase", text }, end: at + 1 };
    if (query[at] === "\\" && at + 1 < query.length) at++;
    text += query[at];
  }
  throw queryError('a " is not closed', from, query.length - from);
}

function readRegex(query: string, from: number): { value: Value; end: number } {
  let inClass = false;
  for (let at = from + 1; at < query.length; at++) {
    const character = query[at];
    if (character === "\\") at++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) {
      if (at === from + 1) throw queryError("a regular expression is empty", from, 2);
      if (!isBoundary(query, at + 1)) break;
      return { value: { kind: "regex", source: query.slice(from + 1, at) }, end: at + 1 };
    }
  }
  throw queryError(
    'a regular expression is not closed by / (put text that begins with / into "")',
    from,
    query.length - from,
  );
}

function readWord(query: string, from: number): { value: Value; end: number } {
  const parts = [""];
  let at = from;
  const add = (text: string) => {
    parts[parts.length - 1] += text;
  };
  for (; at < query.length && !/[\s()"]/.test(query[at] ?? ""); at++) {
    if (query[at] === "\\") {
      if (at + 1 >= query.length) throw queryError("a character is missing after \\", at);
      add(query[++at] ?? "");
    } else if (query[at] === "*") parts.push("");
    else add(query[at] ?? "");
  }
  return { value: { kind: "word", parts }, end: at };
}
