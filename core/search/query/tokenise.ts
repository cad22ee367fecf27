import { canBeCompared, canBeField } from "./can-be-field";
import { knownField } from "./field-names";
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

export type Term = Extract<Token, { kind: "term" }>;

const SPACE = /\s/;
const OPERATORS = ["AND", "OR", "NOT"] as const;
/** A field's name, and the operator that makes it one. `://` is that of a URL. */
const FIELD = /((?:[^\s()":<>/\\-]|\\[^\p{L}\p{N}])(?:[^\s()":<>/\\]|\\[^\p{L}\p{N}])*)(:(?!\/\/)|>=|<=|>|<)/uy;
/** Of a word, up to what ends it. */
const REST_OF_WORD = /[^\s()"]*/y;
/** A backslash before one of these is a backslash, as in DOMAIN\name and C:\temp; before anything else it escapes. */
const PLAIN_AFTER_BACKSLASH = /[\p{L}\p{N}]/u;

/** Cuts a query into tokens, in one pass. @throws Fault invalid with the position */
export const tokenise = (query: string): Token[] => [...readTokens(query, 0, false)];

/**
 * Where the ) is that closes a ( right before a query, which ends there.
 * @param from where the query begins in the text
 * @returns null when there is none
 * @throws Fault invalid with the position, for what is wrong before
 */
export function findClosing(text: string, from: number): number | null {
  let depth = 1;
  for (const { kind, position } of readTokens(text, from, true)) {
    if (kind === "(") depth++;
    else if (kind === ")" && --depth === 0) return position;
  }
  return null;
}

/** What is known of the text before its tokens are read. */
type Reading = {
  /** As findPairs gives them. */
  pairs: ReadonlyMap<number, number>;
  /** Whether the query ends at the ) of a ( before it, behind which the text goes on. */
  isEnclosed: boolean;
};

function* readTokens(query: string, from: number, isEnclosed: boolean): Generator<Token> {
  const reading = { pairs: findPairs(query, from), isEnclosed };
  for (let at = from; at < query.length; ) {
    if (SPACE.test(query[at] ?? "")) {
      at++;
      continue;
    }
    const token = readToken(query, at, reading);
    yield token;
    at += token.length;
  }
}

function readToken(query: string, at: number, reading: Reading): Token {
  const character = query[at] ?? "";
  if (character === "(" || character === ")") return { kind: character, position: at, length: 1 };
  if (character === "-" && !isEnd(query, at + 1)) return { kind: "-", position: at, length: 1 };
  const operator = OPERATORS.find((name) => query.startsWith(name, at) && isBoundary(query, at + name.length));
  return operator ? { kind: operator, position: at, length: operator.length } : readTerm(query, at, reading);
}

const isBoundary = (query: string, at: number) => at >= query.length || /[\s()]/.test(query[at] ?? "");

/** Of each ( where its ) is, if neither white space nor a quote stands between them. */
function findPairs(query: string, from: number): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  let open: number[] = [];
  for (let at = from; at < query.length; at++) {
    const character = query[at] ?? "";
    if (character === "\\") at++;
    else if (character === '"' || SPACE.test(character)) open = [];
    else if (character === "(") open.push(at);
    else if (character === ")") {
      const opening = open.pop();
      if (opening !== undefined) pairs.set(opening, at);
    }
  }
  return pairs;
}

function readTerm(query: string, from: number, reading: Reading): Term {
  const found = fieldAt(query, from);
  const field = found?.[1] === undefined ? null : found[1].replaceAll(/\\(.)/gs, "$1");
  const operator = found ? ([":", ...COMPARISONS] as const).find((known) => known === found[2]) : undefined;
  const valueFrom = from + (found?.[0].length ?? 0);
  if (found && isBoundary(query, valueFrom)) {
    throw queryError(`a value is missing after ${found[0]}`, from, found[0].length);
  }
  const { value, end } = readValue(query, valueFrom, reading);
  const position = { position: from, length: end - from, valuePosition: valueFrom };
  return { kind: "term", field, operator: operator ?? null, value, ...position };
}

/** The field's name and operator that stand there, unless what follows shows that they are none. */
function fieldAt(query: string, from: number): RegExpExecArray | null {
  FIELD.lastIndex = from;
  const found = FIELD.exec(query);
  if (!found) return null;
  const [whole, name = "", operator] = found;
  const valueFrom = from + whole.length;
  REST_OF_WORD.lastIndex = valueFrom;
  const [value = ""] = REST_OF_WORD.exec(query) ?? [];
  if (operator !== ":") return canBeCompared(name, value) ? found : null;
  // `status: 200` is how lines are written; of a field that every entry has it is more likely a query that isn't finished.
  if (isEnd(query, valueFrom) && knownField(name) === null) return null;
  return canBeField(name, query[valueFrom] === '"' ? null : value) ? found : null;
}

const isEnd = (query: string, at: number) => at >= query.length || /[\s)]/.test(query[at] ?? "");

function readValue(query: string, from: number, reading: Reading): { value: Value; end: number } {
  if (query[from] === '"') return readPhrase(query, from);
  return readRegex(query, from, reading) ?? readWord(query, from, reading);
}

function readPhrase(query: string, from: number): { value: Value; end: number } {
  let text = "";
  for (let at = from + 1; at < query.length; at++) {
    if (query[at] === '"') return { value: { kind: "phrase", text }, end: at + 1 };
    if (isEscape(query, at)) at++;
    text += query[at];
  }
  throw queryError('a " is not closed', from, query.length - from);
}

/** Whether the character there is a backslash that says to take the next one as it is. */
const isEscape = (query: string, at: number) =>
  query[at] === "\\" && at + 1 < query.length && !PLAIN_AFTER_BACKSLASH.test(query[at + 1] ?? "");

function readRegex(query: string, from: number, { isEnclosed }: Reading): { value: Value; end: number } | null {
  const end = query[from] === "/" ? regexEnd(query, from, isEnclosed) : null;
  return end === null ? null : { value: { kind: "regex", source: query.slice(from + 1, end - 1) }, end };
}

/**
 * Where a value ends that begins with a /, when it is a whole `/.../` up to the end of a word; null for anything else, which is a path.
 * @param isEnclosed the query ends at a ), and it doesn't go beyond that, as what comes there may divide: `if (path:/health) as h | math h / n`
 */
export function regexEnd(query: string, from: number, isEnclosed: boolean): number | null {
  let inClass = false;
  let depth = 0;
  for (let at = from + 1; at < query.length; at++) {
    const character = query[at];
    if (character === "\\") at++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "(" && !inClass) depth++;
    else if (character === ")" && !inClass && --depth < 0 && isEnclosed) return null;
    else if (character === "/" && !inClass) {
      return at === from + 1 || !isBoundary(query, at + 1) ? null : at + 1;
    }
  }
  return null;
}

/** A word ends at white space, a quote or a parenthesis, save such a pair as in `init()` and `sshd(pam_unix)[7]:`. */
function readWord(query: string, from: number, { pairs }: Reading): { value: Value; end: number } {
  const parts = [""];
  let at = from;
  let closing = -1;
  const add = (text: string) => {
    parts[parts.length - 1] += text;
  };
  for (; at < query.length; at++) {
    const character = query[at] ?? "";
    if (at > from && character === "(" && at > closing) closing = pairs.get(at) ?? -1;
    if (at > closing && /[\s()"]/.test(character)) break;
    if (isEscape(query, at)) add(query[++at] ?? "");
    else if (character === "*") parts.push("");
    else add(character);
  }
  return { value: { kind: "word", parts }, end: at };
}
