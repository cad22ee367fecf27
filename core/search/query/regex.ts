import { fold } from "./fold";
import { queryError } from "./query-error";

/**
 * A regular expression as text that PostgreSQL's engine and RE2 read in the same way: only what both know, spelled out.
 * It is meant for folded text.
 */
export type Regex = { source: string };

const MOST_REPETITIONS = 100;
/** Of all nested repetitions together: what one character of the expression may be unfolded into. */
const MOST_UNFOLDED = 1_000;
/** Of all repetitions together: each of so many may be under way at each place of a text, and RE2 then takes half a second for a thousand. */
const MOST_REPEATED = 1_000;
const DEEPEST = 20;

const CLASSES: Readonly<Record<string, string>> = { d: "0-9", w: "a-z0-9_", s: " \\t\\n\\r\\f\\v" };
const CONTROLS: Readonly<Record<string, string>> = { t: "\\t", n: "\\n", r: "\\r", f: "\\f", v: "\\v" };

/** What a part of the expression is made of, to judge repetitions. */
type Piece = { source: string; isUnbounded: boolean; unfolded: number; repeated: number };

/**
 * Checks an expression and writes it anew. Known are characters, `.`, classes, `\d \w \s`, groups, `|`, `^ $` and repetitions;
 * case does not count. One that repeats without bound what repeats without bound, as `(a+)+` does, is refused: engines that
 * try every way need exponential time for it.
 * @param offset of the source in the query, for positions in errors
 * @throws Fault invalid with the position
 */
export function compileRegex(source: string, offset: number): Regex {
  return { source: new Parser(source, offset).parse() };
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly offset: number,
  ) {}

  parse(): string {
    const whole = this.alternatives();
    if (this.at < this.source.length) throw this.error("a ) closes nothing");
    if (whole.repeated > MOST_REPEATED) throw this.error("there are too many repetitions together", 0);
    return whole.source;
  }

  private error(problem: string, at = this.at) {
    return queryError(`in the regular expression, ${problem}`, this.offset + at);
  }

  private alternatives(): Piece {
    const branches = [this.branch()];
    while (this.source[this.at] === "|") {
      this.at++;
      branches.push(this.branch());
    }
    return {
      source: branches.map((branch) => branch.source).join("|"),
      isUnbounded: branches.some((branch) => branch.isUnbounded),
      unfolded: branches.reduce((sum, branch) => sum + branch.unfolded, 0),
      repeated: branches.reduce((sum, branch) => sum + branch.repeated, 0),
    };
  }

  private branch(): Piece {
    const pieces: Piece[] = [];
    while (this.at < this.source.length && this.source[this.at] !== "|" && this.source[this.at] !== ")") {
      pieces.push(this.repeated());
    }
    return {
      source: pieces.map((piece) => piece.source).join(""),
      isUnbounded: pieces.some((piece) => piece.isUnbounded),
      unfolded: pieces.reduce((sum, piece) => sum + piece.unfolded, 0),
      repeated: pieces.reduce((sum, piece) => sum + piece.repeated, 0),
    };
  }

  private repeated(): Piece {
    const from = this.at;
    const first = this.source[this.at] ?? "";
    if (first === "^" || first === "$") {
      this.at++;
      if (/[*+?{]/.test(this.source[this.at] ?? "")) throw this.error(`${first} can't be repeated`);
      return { source: first, isUnbounded: false, unfolded: 1, repeated: 0 };
    }
    const atom = this.atom();
    const bounds = this.bounds();
    if (!bounds) return atom;
    if (/[*+?{]/.test(this.source[this.at] ?? "")) {
      // A lazy repetition finds the same entries.
      if (this.source[this.at] !== "?") throw this.error("a repetition is repeated");
      this.at++;
      if (/[*+?{]/.test(this.source[this.at] ?? "")) throw this.error("a repetition is repeated");
    }
    const isUnbounded = bounds.most === null;
    if (isUnbounded && atom.isUnbounded) throw this.error("a repetition without bound stands within another one", from);
    const unfolded = atom.unfolded * Math.max(1, bounds.most ?? bounds.least);
    if (unfolded > MOST_UNFOLDED) throw this.error("there are too many repetitions", from);
    return {
      source: `${atom.source}${bounds.source}`,
      isUnbounded: isUnbounded || atom.isUnbounded,
      unfolded,
      repeated: unfolded,
    };
  }

  private bounds(): { source: string; least: number; most: number | null } | null {
    const character = this.source[this.at];
    if (character === "*" || character === "+" || character === "?") {
      this.at++;
      return { source: character, least: character === "+" ? 1 : 0, most: character === "?" ? 1 : null };
    }
    if (character !== "{") return null;
    const found = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.source.slice(this.at));
    if (!found) throw this.error("a { must begin a repetition such as {2,5}; write \\{ for the character");
    const least = Number(found[1]);
    const most = found[3] !== undefined ? Number(found[3]) : found[2] === undefined ? least : null;
    if (least > MOST_REPETITIONS || (most ?? 0) > MOST_REPETITIONS) {
      throw this.error(`a repetition may be at most ${MOST_REPETITIONS}`);
    }
    if (most !== null && most < least) throw this.error("a repetition ends before it begins");
    this.at += found[0].length;
    return { source: `{${least}${most === null ? "," : most === least ? "" : `,${most}`}}`, least, most };
  }

  private atom(): Piece {
    const character = this.character();
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return this.single(this.class());
      case ".":
        return this.single(".");
      case "\\":
        return this.single(this.escape());
      case "*":
      case "+":
      case "?":
      case "{":
        throw this.error(`${character} has nothing to repeat`, this.at - 1);
      default:
        return this.single(literal(character));
    }
  }

  private single = (source: string): Piece => ({ source, isUnbounded: false, unfolded: 1, repeated: 0 });

  /** Takes one whole character, which may be two code units. */
  private character(): string {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += character.length;
    return character;
  }

  private group(): Piece {
    const from = this.at - 1;
    if (this.source[this.at] === "?") {
      if (this.source[this.at + 1] !== ":") throw this.error("(? is only known as (?: ... )", from);
      this.at += 2;
    }
    if (++this.depth > DEEPEST) throw this.error("groups are nested too deep", from);
    const inner = this.alternatives();
    if (this.source[this.at] !== ")") throw this.error("a ( is not closed", from);
    this.at++;
    this.depth--;
    return { ...inner, source: `(?:${inner.source})` };
  }

  private escape(): string {
    if (this.at >= this.source.length) throw this.error("a character is missing after \\");
    const character = this.character();
    const lower = character.toLowerCase();
    const known = CLASSES[lower];
    if (known) return character === lower ? `[${known}]` : `[^${known}]`;
    const control = CONTROLS[character];
    if (control) return control;
    if (/[a-z0-9]/i.test(character)) throw this.error(`\\${character} is not known`, this.at - 2);
    return literal(character);
  }

  private class(): string {
    const from = this.at - 1;
    const isNegated = this.source[this.at] === "^";
    if (isNegated) this.at++;
    let inner = "";
    let isFirst = true;
    for (;;) {
      if (this.at >= this.source.length) throw this.error("a [ is not closed", from);
      if (this.source[this.at] === "]" && !isFirst) break;
      isFirst = false;
      inner += this.classMember();
    }
    this.at++;
    return `[${isNegated ? "^" : ""}${inner}]`;
  }

  /** One character, a range, or a class within a class; with what its capitals fold into. */
  private classMember(): string {
    const from = this.at;
    const first = this.classCharacter();
    if (first.class !== undefined) return first.class;
    if (this.source[this.at] !== "-" || this.at + 1 >= this.source.length || this.source[this.at + 1] === "]") {
      return inClass(fold(first.character));
    }
    this.at++;
    const last = this.classCharacter();
    if (last.class !== undefined) throw this.error("a range must end with a character", from);
    const [low, high] = [first.character.codePointAt(0) ?? 0, last.character.codePointAt(0) ?? 0];
    if (low > high) throw this.error("a range ends before it begins", from);
    // Capitals among the range stand for their small letters, which are what folded text has.
    const capitals: [number, number] = [Math.max(low, 0x41), Math.min(high, 0x5a)];
    const small = capitals[0] <= capitals[1] ? range(capitals[0] + 0x20, capitals[1] + 0x20) : "";
    return range(low, high) + small + foldedBeyondAscii(low, high);
  }

  private classCharacter(): { character: string; class?: string } {
    const character = this.character();
    if (character !== "\\") return { character };
    if (this.at >= this.source.length) throw this.error("a character is missing after \\");
    const escaped = this.character();
    const known = CLASSES[escaped];
    if (known) return { character: "", class: known };
    if (CONTROLS[escaped]) return { character: JSON.parse(`"${escaped === "v" ? "\\u000b" : `\\${escaped}`}"`) };
    if (/[a-z0-9]/i.test(escaped)) throw this.error(`\\${escaped} is not known in a class`, this.at - 2);
    return { character: escaped };
  }
}

/** Longer ranges are of whole scripts, small letters with them. */
const MOST_FOLDED = 500;
const LAST_ASCII = 0x7f;

/** What the characters of a range fold into, but for those of ASCII. */
function foldedBeyondAscii(low: number, high: number): string {
  if (high - low > MOST_FOLDED) return "";
  let folded = "";
  for (let code = Math.max(low, LAST_ASCII + 1); code <= high; code++) {
    const character = String.fromCodePoint(code);
    const small = fold(character);
    if (small !== character && [...small].length === 1) folded += inClass(small);
  }
  return folded;
}

/** Folded text as an expression of nothing but that text, for PostgreSQL's engine and RE2. */
export const literalOf = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");

const literal = (character: string) => literalOf(fold(character));
const inClass = (character: string) => (/[\\\]^[-]/.test(character) ? `\\${character}` : character);
const range = (low: number, high: number) =>
  `${inClass(String.fromCodePoint(low))}-${inClass(String.fromCodePoint(high))}`;
