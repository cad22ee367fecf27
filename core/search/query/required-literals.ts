import type { Regex } from "./regex";

/** Shorter texts stand almost everywhere. */
const LEAST = 2;

/** Texts that stand in everything that an expression matches, as far as that can be told without trying; none for alternatives. */
export function requiredLiterals({ source }: Regex): string[] {
  const literals: string[] = [];
  let run = "";
  const end = () => {
    if (run.length >= LEAST) literals.push(run);
    run = "";
  };
  for (let at = 0; at < source.length; ) {
    const { next, literal } = partAt(source, at);
    if (literal === "|") return [];
    const repeated = BOUNDS.exec(source.slice(next))?.[0] ?? "";
    // What may be missing, or stands there several times, ends what goes before it.
    if (literal !== null && (repeated === "" || repeated === "+")) run += literal.slice(1);
    if (literal === null || repeated !== "") end();
    at = next + repeated.length;
  }
  end();
  return literals;
}

/** As compileRegex writes repetitions. */
const BOUNDS = /^(?:[*+?]|\{[0-9,]+\})/;

/** The part of an expression at a place: "|", "=" and the character that it stands for, or null for anything else. */
function partAt(source: string, at: number): { next: number; literal: string | null } {
  const first = String.fromCodePoint(source.codePointAt(at) ?? 0);
  switch (first) {
    case "|":
      return { next: at + 1, literal: "|" };
    case "[":
      return { next: behindClass(source, at), literal: null };
    case "(":
      return { next: behindGroup(source, at), literal: null };
    case ".":
    case "^":
    case "$":
      return { next: at + 1, literal: null };
    case "\\": {
      const escaped = source[at + 1] ?? "";
      return { next: at + 2, literal: /[a-z]/.test(escaped) ? null : `=${escaped}` };
    }
    default:
      return { next: at + first.length, literal: `=${first}` };
  }
}

function behindClass(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== "]") at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}

function behindGroup(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== ")") {
    if (source[at] === "[") at = behindClass(source, at);
    else if (source[at] === "(") at = behindGroup(source, at);
    else at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}
