import { RE2JS } from "re2js";
import type { Masking } from "@/core/settings/schemas";
import { CARD_TRACE, EMAIL_TRACE, findTraces, TOKEN_TRACE } from "./find-traces";
import { replaceCards } from "./replace-cards";

/** Local parts and labels have at most 64 and 63 characters (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4), which also bounds the time. */
const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}]{2,63}/gu;
/** What follows the scheme of an Authorization header (RFC 6750, 2.1; RFC 7617), JSON Web Tokens (RFC 7519), and our keys. */
const SCHEME = /\b(Bearer|Basic)\s{1,8}[A-Za-z0-9._~+/-]{8,}={0,2}/gi;
/** Looked for only where a run of its characters begins, and has the other parts behind it: so that it takes linear time. */
const JWT = /(?<![\w-])(?=[\w-]{11,}\.eyJ[\w-]{4,}\.)((?:\w*-)*?)eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]*/g;
const OWN_KEY = /\bcw_[\w-]{43}/g;

const MASKED = "[masked]";

/** A string of JSON, or a number. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;
/** A string, or a number that may be a card's. */
const CARD_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])\d{13,19}(?![\w.+-])/gs;
const CARD_NUMBER = /^\d{13,19}$/;

/** Takes out of texts what must not be stored, and counts in how many places. Made for settings; null when there is nothing to do. */
export class Masker {
  private readonly expressions: readonly RE2JS[];
  /** Of what is masked. */
  private readonly traces: number;

  private constructor(readonly masking: Masking) {
    this.expressions = masking.expressions.map((source) => RE2JS.compile(source));
    this.traces =
      (masking.emails ? EMAIL_TRACE : 0) | (masking.cards ? CARD_TRACE : 0) | (masking.tokens ? TOKEN_TRACE : 0);
  }

  static of(masking: Masking): Masker | null {
    const { emails, cards, tokens, expressions } = masking;
    return emails || cards || tokens || expressions.length > 0 ? new Masker(masking) : null;
  }

  /**
   * Masks a slice of UTF-8.
   * @param isJson whether it is JSON, which it then stays
   * @returns null when there is nothing to mask
   */
  maskSlice(source: Buffer, from: number, end: number, isJson = false): { bytes: Buffer; masked: number } | null {
    if (!this.mayMask(source, from, end)) return null;
    const text = source.toString("utf8", from, end);
    const after = isJson ? this.maskJson(text) : this.maskText(text);
    return after.masked === 0 ? null : { bytes: Buffer.from(after.text), masked: after.masked };
  }

  /** Whether a slice of UTF-8, a text or JSON, has to be looked at; false for nearly all of them. */
  mayMask(source: Uint8Array, from: number, end: number): boolean {
    return this.expressions.length > 0 || (findTraces(source, from, end) & this.traces) !== 0;
  }

  /** @returns the text itself when nothing was masked */
  maskText(text: string): { text: string; masked: number } {
    const { emails, cards, tokens } = this.masking;
    let masked = 0;
    const count = (replacement: string) => {
      masked++;
      return replacement;
    };
    let result = text;
    if (tokens) {
      result = result.replace(SCHEME, (_match, scheme: string) => count(`${scheme} ${MASKED}`));
      if (result.includes("eyJ")) result = result.replace(JWT, (_match, before: string) => before + count(MASKED));
      result = result.replace(OWN_KEY, () => count(MASKED));
    }
    if (emails && result.includes("@")) result = result.replace(EMAIL, () => count(MASKED));
    if (cards) result = replaceCards(result, () => count(MASKED));
    const after = this.maskOwn(result);
    return { text: after.text, masked: masked + after.masked };
  }

  /** Masks what own expressions match. */
  private maskOwn(text: string): { text: string; masked: number } {
    let masked = 0;
    let result = text;
    for (const expression of this.expressions) {
      const matcher = expression.matcher(result);
      let matches = 0;
      while (matcher.find()) matches++;
      if (matches === 0) continue;
      masked += matches;
      result = expression.matcher(result).replaceAll(MASKED);
    }
    return { text: result, masked };
  }

  /**
   * Masks every string of a JSON text, names of members too, and numbers, as they are written: those that are cards', and those
   * that own expressions match. The rest stays as it was sent.
   */
  maskJson(json: string): { text: string; masked: number } {
    let masked = 0;
    const text = json.replace(this.expressions.length > 0 ? JSON_TOKEN : CARD_TOKEN, (token) => {
      const after = token.startsWith('"') ? this.maskText(textOf(token)) : this.maskNumber(token);
      masked += after.masked;
      return after.masked === 0 ? token : JSON.stringify(after.text);
    });
    return { text, masked };
  }

  /** What else is masked has more characters than digits. */
  private maskNumber(number: string): { text: string; masked: number } {
    return CARD_NUMBER.test(number) ? this.maskText(number) : this.maskOwn(number);
  }
}

/** @param token a string of JSON */
const textOf = (token: string): string => (token.includes("\\") ? String(JSON.parse(token)) : token.slice(1, -1));
