/** What a text may hold, as bits. */
export const EMAIL_TRACE = 1;
export const CARD_TRACE = 2;
export const TOKEN_TRACE = 4;
export const ALL_TRACES = EMAIL_TRACE | CARD_TRACE | TOKEN_TRACE;

/** Digits of the shortest card number. */
const CARD_DIGITS = 13;

const BEARER = Buffer.from("bearer");
const BASIC = Buffer.from("basic");

/**
 * Looks over the UTF-8 bytes of a text, or of JSON, for what an e-mail address, a card number or a token can't be without. One
 * pass, because nearly every line has none of them, and must not pay for regular expressions.
 * @returns bits of traces; all of them for JSON with \u escapes, behind which anything may stand
 */
export function findTraces(source: Uint8Array, from: number, end: number): number {
  let traces = 0;
  let digits = 0;
  let isGap = false;
  for (let at = from; at < end; at++) {
    const byte = source[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      digits++;
      isGap = false;
      if (digits >= CARD_DIGITS) traces |= CARD_TRACE;
      continue;
    }
    // One space or hyphen may stand between two digits.
    if (digits > 0 && !isGap && (byte === 0x20 || byte === 0x2d)) {
      isGap = true;
      continue;
    }
    digits = 0;
    isGap = false;
    if (byte === 0x40) traces |= EMAIL_TRACE;
    else if (byte === 0x5c && source[at + 1] === 0x75) return ALL_TRACES;
    else if (byte === 0x42 || byte === 0x62) {
      if (startsWith(source, at, end, BEARER) || startsWith(source, at, end, BASIC)) traces |= TOKEN_TRACE;
    } else if (byte === 0x65 && source[at + 1] === 0x79 && source[at + 2] === 0x4a)
      traces |= TOKEN_TRACE; // eyJ
    else if (byte === 0x63 && source[at + 1] === 0x77 && source[at + 2] === 0x5f) traces |= TOKEN_TRACE; // cw_
  }
  return traces;
}

/** @param word in small letters; capitals count as they do */
function startsWith(source: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  if (at + word.length > end) return false;
  for (let index = 1; index < word.length; index++) {
    if (((source[at + index] as number) | 0x20) !== word[index]) return false;
  }
  return true;
}
