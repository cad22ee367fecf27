import { isWord, Tokens, WILDCARD } from "./tokens";
import { CLASS, CLASS_OF, DOMAINS, hashBytes, MEANING, MEANING_OF } from "./vocabulary";

/** How far the end of a quote or a bracket is looked for, so that a hostile message costs no more than another. */
const LOOK_AHEAD = 200;
/** More letters that are all hexadecimal digits are a value. */
const HEX_LETTERS = 8;
/** Longest code that is kept apart: SQLSTATE has five characters. */
const CODE_LENGTH = 5;

const code = (character: string) => character.charCodeAt(0);
const DOT = code(".");
const SLASH = code("/");
const BACKSLASH = code("\\");
const COLON = code(":");
const EQUALS = code("=");
const GREATER = code(">");
const DOUBLE = code('"');
const SINGLE = code("'");
const GRAVE = code("`");
const OPEN = code("(");
const CLOSE = code(")");
const AT = code("@");
const TILDE = code("~");
const QUESTION = code("?");
const SPACE = code(" ");
const ESCAPE = 0x1b;

const CLOSING_OF = new Uint8Array(256);
for (const [open, close] of ["()", "[]", "{}", '""', "''", "``"]) {
  if (open && close) CLOSING_OF[code(open)] = code(close);
}
/** What ends an unquoted value behind "=". */
const ENDS_VALUE = new Uint8Array(256);
for (const character of ",;)]}>\"'`") ENDS_VALUE[code(character)] = 1;
const IS_HEX = Uint8Array.from({ length: 256 }, (_, byte) => (/[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0));

/**
 * Splits a message into words, delimiters and values, in one pass over its bytes and without state from one message to
 * the next. What differs among messages of a kind becomes a value (docs/patterns.md has the rules).
 */
export class Scanner {
  readonly tokens = new Tokens();
  private source: Uint8Array = new Uint8Array();
  private end = 0;
  /** Where the quote that is open ends. */
  private quoteEnd = -1;

  /** @returns the tokens, which the next scan overwrites */
  scan(source: Uint8Array, from: number, end: number): Tokens {
    const { tokens } = this;
    this.source = source;
    this.end = end;
    this.quoteEnd = -1;
    tokens.reset();
    for (let at = from; at < end && !tokens.isFull; ) {
      const byte = source[at] as number;
      const kind = CLASS_OF[byte] as number;
      if (kind >= CLASS.lower) at = this.word(at);
      else if (kind === CLASS.space) at = byte === ESCAPE ? this.skipEscape(at) : at + 1;
      else at = this.delimiter(at, byte);
    }
    tokens.dropRepeats();
    return tokens;
  }

  /** Colours and the like: control sequences of ECMA-48. */
  private skipEscape(from: number): number {
    let at = from + 1;
    if (this.source[at] !== code("[")) return at;
    for (at++; at < this.end && at - from < LOOK_AHEAD; at++) {
      const byte = this.source[at] as number;
      if (byte >= 0x40 && byte <= 0x7e) return at + 1;
    }
    return at;
  }

  private word(from: number): number {
    const { source, end } = this;
    let at = from;
    let hasDigit = false;
    let hasUpper = false;
    let hasOther = false;
    let isHex = true;
    let slashes = 0;
    let dot = -1;
    let sign = -1;
    let query = -1;
    for (; at < end; at++) {
      const byte = source[at] as number;
      const kind = CLASS_OF[byte] as number;
      if (kind < CLASS.lower) break;
      if (kind === CLASS.digit) hasDigit = true;
      else if (kind === CLASS.upper) hasUpper = true;
      else if (kind === CLASS.other) hasOther = true;
      else if (kind === CLASS.mark) {
        if (byte === DOT) {
          if (source[at + 1] === DOT && at > from) break;
          dot = at;
        } else if (byte === SLASH || byte === BACKSLASH) slashes++;
        else if (byte === AT && at > from) sign = at;
        else if (byte === QUESTION) query = at;
      }
      if (IS_HEX[byte] === 0) isHex = false;
    }
    // The end of a sentence is no part of its last word.
    let last = at;
    while (last > from + 1 && isSentenceEnd(source[last - 1] as number)) last--;
    if (dot >= last) dot = -1;
    const next = source[at];
    const first = source[from] as number;
    const length = last - from;

    if (next === COLON && last === at) {
      const far = this.address(from, at, length, isHex, dot >= 0);
      if (far > at) {
        this.value(from, far);
        return far;
      }
    }
    const isPath =
      slashes > 1 ||
      (slashes === 1 && length > 1 && (first === SLASH || first === DOT || first === TILDE || first === BACKSLASH));
    if (isPath && next === EQUALS && query > 0) {
      const far = this.unquotedEnd(at);
      this.value(from, far);
      return far;
    }
    const isMail = sign > from && sign < last - 1;
    if (hasDigit) {
      if (length <= CODE_LENGTH && this.isCode(from)) this.tokens.word(hashBytes(source, from, last), from, last);
      else this.value(from, last);
    } else if (isPath || isMail || (isHex && length >= HEX_LETTERS)) this.value(from, last);
    else if (dot > from && !hasUpper && !hasOther && DOMAINS.has(hashBytes(source, dot + 1, last)))
      this.value(from, last);
    else if (length === 1 && CLASS_OF[first] === CLASS.mark) this.tokens.delimiter(first, from);
    else this.plain(from, last);
    return last;
  }

  /** A word without anything that makes it a value: what stands before it may. */
  private plain(from: number, end: number): void {
    const { tokens, source } = this;
    const hash = hashBytes(source, from, end);
    const meaning = MEANING_OF.get(hash) ?? 0;
    const before = tokens.back(1);
    if (before === WILDCARD && (meaning === MEANING.unit || meaning === MEANING.calendar)) {
      tokens.wildcard(from, end);
      return;
    }
    if (this.meaningOf(before) === MEANING.name && source[from - 1] === SPACE) {
      const isName = meaning <= MEANING.name;
      if (isName) {
        this.value(from, end);
        return;
      }
      // An empty name leaves two spaces.
      if (meaning === MEANING.direction && source[from - 2] === SPACE) tokens.wildcard(from - 1, from - 1);
    }
    if (meaning === MEANING.direction && isWord(before) && this.meaningOf(tokens.back(2)) === MEANING.for)
      tokens.mask();
    tokens.word(hash, from, end);
  }

  private value(from: number, end: number): void {
    const { tokens } = this;
    while (this.meaningOf(tokens.back(1)) === MEANING.calendar) tokens.count--;
    tokens.wildcard(from, end);
  }

  private meaningOf(hash: number): number {
    return isWord(hash) ? (MEANING_OF.get(hash) ?? 0) : 0;
  }

  /** Whether what begins here is a code behind its name, such as "status=404", "errno 13", "HTTP 500". */
  private isCode(from: number): boolean {
    const { tokens, source } = this;
    const before = tokens.back(1);
    if (this.meaningOf(before) === MEANING.code) return true;
    if (before === EQUALS) return this.meaningOf(tokens.back(2)) === MEANING.code;
    // Access logs: the status behind the request, which ends with its HTTP version in quotes.
    return (
      before === DOUBLE && source[from - 1] === SPACE && source[from - 2] === DOUBLE && this.followsVersion(from - 2)
    );
  }

  private followsVersion(quote: number): boolean {
    const { source } = this;
    for (let at = quote - 1; at > quote - 10 && at > 0; at--) {
      if (source[at] === SLASH) return source[at - 1] === code("P") && source[at - 2] === code("T");
    }
    return false;
  }

  /** A word and the colon behind it may begin a URL, a path of Windows, a host with a port, a MAC or an IPv6 address. @returns where it ends, or `colon` */
  private address(from: number, colon: number, length: number, isHex: boolean, isDotted: boolean): number {
    const { source } = this;
    const after = source[colon + 1];
    if (after === SLASH && source[colon + 2] === SLASH) return this.unquotedEnd(colon + 3);
    if (length === 1 && (after === BACKSLASH || after === SLASH)) return this.unquotedEnd(colon + 1);
    if (isHex && length <= 4) {
      const end = this.colonHexEnd(from);
      if (end > 0) return end;
    }
    if (isDotted && after !== undefined && CLASS_OF[after] === CLASS.digit) {
      let at = colon + 1;
      while (at < this.end && CLASS_OF[source[at] as number] === CLASS.digit) at++;
      return at;
    }
    return colon;
  }

  /** @returns where hexadecimal numbers of up to four digits with at least three colons between them end; -1 if there are none */
  private colonHexEnd(from: number): number {
    const { source, end } = this;
    let at = from;
    let colons = 0;
    let digits = 0;
    for (; at < end && at - from < LOOK_AHEAD; at++) {
      const byte = source[at] as number;
      if (byte === COLON) {
        colons++;
        digits = 0;
      } else if (IS_HEX[byte] === 1 && digits < 4) digits++;
      else break;
    }
    const isEnd = at >= end || (CLASS_OF[source[at] as number] as number) < CLASS.lower;
    return isEnd && colons >= 3 && source[at - 1] !== COLON ? at : -1;
  }

  private unquotedEnd(from: number): number {
    const { source, end } = this;
    let at = from;
    while (at < end && CLASS_OF[source[at] as number] !== CLASS.space && ENDS_VALUE[source[at] as number] === 0) at++;
    return at;
  }

  private delimiter(at: number, byte: number): number {
    const { tokens, source } = this;
    if (byte === EQUALS) return this.assignment(at);
    if (at === this.quoteEnd) {
      this.quoteEnd = -1;
      tokens.delimiter(byte, at);
      return at + 1;
    }
    if (byte === DOUBLE || byte === GRAVE || (byte === SINGLE && !this.isApostrophe(at))) return this.quote(at, byte);
    if (byte === OPEN && source[at + 1] === CLOSE) {
      tokens.delimiter(OPEN, at);
      tokens.wildcard(at + 1, at + 1);
      tokens.delimiter(CLOSE, at + 1);
      return at + 2;
    }
    tokens.delimiter(byte, at);
    return at + 1;
  }

  private isApostrophe(at: number): boolean {
    const before = at > 0 ? (CLASS_OF[this.source[at - 1] as number] as number) : CLASS.space;
    return before >= CLASS.lower;
  }

  /** Quoted text without a space is a value; other text is looked into, since `"GET /a HTTP/1.1"` is not `"POST ..."`. */
  private quote(at: number, byte: number): number {
    const close = this.find(at + 1, byte);
    if (close < 0 || this.quoteEnd >= 0) {
      this.tokens.delimiter(byte, at);
      return at + 1;
    }
    const space = this.find(at + 1, SPACE);
    if (space < 0 || space > close) {
      this.value(at, close + 1);
      return close + 1;
    }
    this.quoteEnd = close;
    this.tokens.delimiter(byte, at);
    return at + 1;
  }

  private find(from: number, byte: number): number {
    const end = Math.min(this.end, from + LOOK_AHEAD);
    for (let at = from; at < end; at++) if (this.source[at] === byte) return at;
    return -1;
  }

  /** What is behind "=" is a value, also when it is empty. */
  private assignment(at: number): number {
    const { tokens, source, end } = this;
    const key = this.meaningOf(tokens.back(1));
    tokens.delimiter(EQUALS, at);
    let from = at + 1;
    if (source[from] === EQUALS || source[from] === GREATER || key === MEANING.code) return from;
    // "key = value"
    if (source[at - 1] === SPACE && source[from] === SPACE) from++;
    const open = source[from];
    const close = open === undefined ? 0 : (CLOSING_OF[open] as number);
    if (close > 0 && from < end) {
      const found = this.find(from + 1, close);
      if (found >= 0) {
        tokens.wildcard(from, found + 1);
        return found + 1;
      }
    }
    const valueEnd = Math.max(this.unquotedEnd(from), from);
    tokens.wildcard(from, valueEnd);
    return valueEnd;
  }
}

const isSentenceEnd = (byte: number) => byte === DOT || byte === code("!") || byte === code("?");
