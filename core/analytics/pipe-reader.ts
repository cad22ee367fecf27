import { LIMITS } from "@/core/limits";
import { queryError } from "@/core/search/query/query-error";
import { findClosing } from "@/core/search/query/tokenise";

const SPACE = /\s*/y;
/** Of a field or a function. */
const NAME = /[^\s(),|"'=<>!]+/y;
/** Of a column where - * and / are signs. */
const COLUMN = /[\p{L}_@$][\p{L}\p{N}_.@$:]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads what comes after a pipe, from the left to the right, and says where something is wrong. */
export class PipeReader {
  private operators = 0;

  constructor(
    readonly text: string,
    public at: number,
  ) {
    this.skipSpace();
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Takes the sign when it comes next. */
  take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    this.skipSpace();
    return true;
  }

  /** @throws Fault invalid when something else comes next */
  expect(sign: string): void {
    if (!this.take(sign)) throw this.missing(sign);
  }

  /** Takes one of the signs when it comes next: what is computed for every row. @throws Fault invalid when there are too many */
  takeOperator<Sign extends string>(signs: readonly Sign[]): Sign | null {
    const sign = signs.find((one) => this.take(one)) ?? null;
    if (sign !== null) this.countOperator();
    return sign;
  }

  /** The same of a word. @throws Fault invalid when there are too many */
  takeOperatorWord(word: string): boolean {
    const isTaken = this.takeWord(word);
    if (isTaken) this.countOperator();
    return isTaken;
  }

  private countOperator(): void {
    if (++this.operators > LIMITS.pipeOperators) this.fail(`there are more than ${LIMITS.pipeOperators} operators`);
  }

  /** Takes a word of the language, in any case, when it comes next. */
  takeWord(word: string): boolean {
    const end = this.at + word.length;
    if (this.text.slice(this.at, end).toLowerCase() !== word) return false;
    if (/[\p{L}\p{N}_.]/u.test(this.text[end] ?? "")) return false;
    this.at = end;
    this.skipSpace();
    return true;
  }

  /** Of a field or a function; in quotes it may hold anything. @throws Fault invalid */
  name(what: string): string {
    return this.quoted() ?? this.match(NAME) ?? this.fail(`${what} is missing`);
  }

  /** Of a column; null when something else comes next. */
  column(): string | null {
    return this.match(COLUMN);
  }

  number(): number | null {
    const text = this.match(NUMBER);
    return text === null ? null : Number(text);
  }

  /** A text in quotes, in which \ takes the next character as it is; null when none begins here. */
  quoted(): string | null {
    if (this.text[this.at] !== '"') return null;
    let text = "";
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] === '"') {
        this.at = at + 1;
        this.skipSpace();
        return text;
      }
      if (this.text[at] === "\\" && at + 1 < this.text.length) at++;
      text += this.text[at];
    }
    throw queryError('a " is not closed', this.at, this.text.length - this.at);
  }

  /** A query that stands between a ( that was taken and its ). @returns it, and where it begins */
  query(): { text: string; from: number } {
    const from = this.at;
    const end = findClosing(this.text, from);
    if (end === null) throw this.notClosed(from);
    this.at = end + 1;
    this.skipSpace();
    return { text: this.text.slice(from, end), from };
  }

  /** The part of a condition on the table that stands between a ( that was taken and its ). */
  untilClosed(): string {
    const from = this.at;
    let depth = 1;
    let isQuoted = false;
    for (let at = from; at < this.text.length; at++) {
      const character = this.text[at];
      if (character === "\\") at++;
      else if (character === '"') isQuoted = !isQuoted;
      else if (character === "(" && !isQuoted) depth++;
      else if (character === ")" && !isQuoted && --depth === 0) {
        this.at = at + 1;
        this.skipSpace();
        return this.text.slice(from, at);
      }
    }
    throw this.notClosed(from);
  }

  private notClosed(from: number): Error {
    return queryError("a ( is not closed", from - 1, this.text.length - from + 1);
  }

  missing(what: string): Error {
    return this.error(`${what} is missing`);
  }

  fail(problem: string): never {
    throw this.error(problem);
  }

  private error(problem: string): Error {
    const before = this.isAtEnd ? " at the end" : ` before ${/^\S{1,20}/.exec(this.text.slice(this.at))?.[0] ?? ""}`;
    return queryError(`${problem}${before}`, Math.min(this.at, Math.max(0, this.text.length - 1)));
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === "") return null;
    this.at += found.length;
    this.skipSpace();
    return found;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
  }
}
