/** What a text may hold, as bits. */
export const EMAIL_TRACE = 1;
export const CARD_TRACE = 2;
export const TOKEN_TRACE = 4;
const ALL_TRACES = EMAIL_TRACE | CARD_TRACE | TOKEN_TRACE;

/** Digits of the shortest card number. */
const CARD_DIGITS = 13;

const BEARER = Buffer.from("bearer");
const BASIC = Buffer.from("basic");

/** 1 for a byte that a card number can have: digits, and a space or hyphen between two. */
const IN_CARD = tableOf("0123456789 -");
/** 1 for a byte by which an address or a token is looked for: of each the one that is rarest in logs. */
const IN_TRACE = tableOf("@\\BbJ_");

function tableOf(bytes: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(bytes)) table[byte] = 1;
  return table;
}

/**
 * Looks over the UTF-8 bytes of a text, or of JSON, for what an e-mail address, a card number or a token can't be without. Every
 * line pays for it, and nearly every line has none of them: most bytes cost one look into a table.
 * @returns bits of traces; all of them for JSON with \u escapes, behind which anything may stand
 */
export function findTraces(source: Uint8Array, from: number, end: number): number {
  let traces = mayHoldCard(source, from, end) ? CARD_TRACE : 0;
  for (let at = from; at < end; at++) {
    if (IN_TRACE[source[at] as number] === 1) traces |= traceAt(source, from, at, end);
  }
  return traces;
}

function traceAt(source: Uint8Array, from: number, at: number, end: number): number {
  switch (source[at]) {
    case 0x40: // @
      return EMAIL_TRACE;
    case 0x5c: // \u
      return source[at + 1] === 0x75 ? ALL_TRACES : 0;
    case 0x4a: // eyJ
      return at - 2 >= from && source[at - 1] === 0x79 && source[at - 2] === 0x65 ? TOKEN_TRACE : 0;
    case 0x5f: // cw_
      return at - 2 >= from && source[at - 1] === 0x77 && source[at - 2] === 0x63 ? TOKEN_TRACE : 0;
    default:
      return startsWith(source, at, end, BEARER) || startsWith(source, at, end, BASIC) ? TOKEN_TRACE : 0;
  }
}

/**
 * Looks at every thirteenth place only, because each card number covers one of them, and from there over the run of digits, spaces
 * and hyphens around it.
 */
function mayHoldCard(source: Uint8Array, from: number, end: number): boolean {
  for (let at = from + CARD_DIGITS - 1; at < end; at += CARD_DIGITS) {
    if (IN_CARD[source[at] as number] === 0) continue;
    let first = at;
    while (first > from && IN_CARD[source[first - 1] as number] === 1) first--;
    let digits = 0;
    for (at = first; at < end && IN_CARD[source[at] as number] === 1; at++) {
      if ((source[at] as number) >= 0x30) digits++;
    }
    if (digits >= CARD_DIGITS) return true;
  }
  return false;
}

/** @param word in small letters; capitals count as they do */
function startsWith(source: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  if (at + word.length > end) return false;
  for (let index = 1; index < word.length; index++) {
    if (((source[at + index] as number) | 0x20) !== word[index]) return false;
  }
  return true;
}
