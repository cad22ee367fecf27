/**
 * Which pieces of four characters stand in a text, as a Bloom filter with one hash (Bloom 1970): what is looked for is a substring,
 * so pieces of characters and not words. Only ASCII counts, folded; a piece with any other character is left out. A word has
 * several pieces, so a filter that is a quarter full lets one of eight characters through once in a thousand times. Quotes are no part of pieces.
 */
const PIECE = 4;
const MOST_BITS_LOG2 = 18;
const LEAST_BYTES = 32;
/** Shrunk while it stays emptier than this. */
const FULL = 0.25;

/**
 * Escapes of JSON that may stand for a sign of a word or fold into one: `\u002.` to `\u007.`, and the two beyond ASCII. By the
 * first four bytes, folded, and what may follow.
 */
const ESCAPES_OF_SIGNS: ReadonlyMap<number, RegExp> = new Map([
  [0x5c_75_30_30, /^[2-7]/],
  [0x5c_75_30_31, /^30/],
  [0x5c_75_32_31, /^2a/i],
]);

/** `\u` */
const ESCAPE = 0x5c_75;

const FOLDED = new Uint8Array(256);
for (let byte = 1; byte < 0x80; byte++) FOLDED[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
FOLDED[0x22] = 0;

/** The two characters beyond ASCII that fold into it, in UTF-8: the sign of Kelvin and I with a dot. */
const FOLD_TO_ASCII = [0xe2_84_aa, 0xc4_b0];

const ESCAPES = 1;
const FOLDS = 2;

const hashOf = (piece: number): number => {
  const mixed = Math.imul(piece ^ (piece >>> 15), 0x9e37_79b1);
  return (mixed ^ (mixed >>> 13)) >>> 0;
};

/** Collects the pieces of one block. */
export class WordFilterBuilder {
  /** One for each bit, as setting a byte takes less time. */
  private readonly marks = new Uint8Array(2 ** MOST_BITS_LOG2);
  private flags = 0;

  /** Takes a text in UTF-8, the bytes from `from` to before `to`, and copies it, as looking at each byte once is enough for both. */
  copyText(source: Uint8Array, from: number, to: number, target: Uint8Array, targetAt: number): void {
    const { marks } = this;
    const shift = targetAt - from;
    let piece = 0;
    let length = 0;
    for (let at = from; at < to; at++) {
      const byte = source[at] as number;
      target[at + shift] = byte;
      const folded = FOLDED[byte] as number;
      if (folded === 0) {
        length = 0;
        if (byte >= 0x80) this.lookBeyondAscii(source, at);
        continue;
      }
      piece = (piece << 8) | folded;
      if (++length < PIECE) continue;
      if (piece >>> 16 === ESCAPE) this.lookAtEscape(piece, source, at);
      marks[hashOf(piece) & (2 ** MOST_BITS_LOG2 - 1)] = 1;
    }
  }

  private lookAtEscape(piece: number, source: Uint8Array, at: number): void {
    const next = String.fromCharCode(source[at + 1] ?? 0, source[at + 2] ?? 0);
    if (ESCAPES_OF_SIGNS.get(piece)?.test(next)) this.flags |= ESCAPES;
  }

  private lookBeyondAscii(source: Uint8Array, at: number): void {
    const [second, first] = [source[at - 1] ?? 0, source[at - 2] ?? 0];
    const pair = (second << 8) | (source[at] ?? 0);
    if (FOLD_TO_ASCII.includes(pair) || FOLD_TO_ASCII.includes((first << 16) | pair)) this.flags |= FOLDS;
  }

  /** The filter, as small as it may be: a byte of flags, then the bits. */
  finish(): Buffer {
    const { marks } = this;
    let bits = new Uint8Array(marks.length / 8);
    for (let at = 0; at < marks.length; at++) {
      if (marks[at] === 1) bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7));
    }
    while (bits.length > LEAST_BYTES && shareOf(bits) < FULL / 2) bits = halved(bits);
    return Buffer.concat([Buffer.from([this.flags]), bits]);
  }
}

function shareOf(bits: Uint8Array): number {
  let set = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) set++;
  return set / (bits.length * 8);
}

/** The lower bits of a hash name the bit, so the two halves lie upon one another. */
function halved(bits: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = bits.length / 2;
  return Uint8Array.from({ length: half }, (_, index) => (bits[index] ?? 0) | (bits[index + half] ?? 0));
}

/** What must stand in an entry that matches. Folded texts. */
export type Words = {
  /** In its message, tags or service, where texts are as they are. */
  plain: readonly string[];
  /** In its attributes, where JSON may write them as escapes. */
  escaped: readonly string[];
};

/** False when no text of the filter has all of these words. */
export function mayHave(filter: Buffer, { plain, escaped }: Words): boolean {
  const flags = filter[0] ?? 0;
  if ((flags & FOLDS) !== 0) return true;
  const all = (flags & ESCAPES) === 0 ? [...plain, ...escaped] : plain;
  return all.every((word) => hasPieces(filter, word));
}

/** Rules out all that any filter can. */
const EMPTY = Buffer.alloc(1 + LEAST_BYTES);

/** Whether any filter can tell that these words are not there: short ones it does not know. */
export const canRuleOut = (words: Words): boolean => !mayHave(EMPTY, words);

function hasPieces(filter: Buffer, word: string): boolean {
  const mask = (filter.length - 1) * 8 - 1;
  let piece = 0;
  let length = 0;
  for (const byte of Buffer.from(word)) {
    const folded = FOLDED[byte] ?? 0;
    if (folded === 0) {
      length = 0;
      continue;
    }
    piece = (piece << 8) | folded;
    if (++length < PIECE) continue;
    const bit = hashOf(piece) & mask;
    if (((filter[1 + (bit >>> 3)] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
