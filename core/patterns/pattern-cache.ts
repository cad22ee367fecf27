import { DOT, EQUALS, OPEN_BRACE, QUOTE, SPACE } from "@/core/ascii";
import type { Fingerprint } from "./fingerprint-message";
import { fingerprint } from "./fingerprint-message";
import { patternSample } from "./scan-sample";
import { CLASS, CLASS_OF, CODE_WORDS } from "./vocabulary";

/** Entries: each 16 bytes. A power of two. */
const SLOTS = 1 << 15;
/** In a longer message an end that the scanner looks for may be out of its reach, or not, by the number of digits. */
const LONGEST = 200;
/** Of a run of digits that is no code; longer runs are alike to the scanner. */
const LONGEST_RUN = 15;
/** Longer words are no codes. */
const CODE_LENGTH = 5;

/** Above every byte. */
const DIGITS = 0x100;

/** The words behind which a code stands by their last byte, since most words end otherwise. */
const CODES_BY_END = Array.from({ length: 256 }, (_, byte) => {
  const words = CODE_WORDS.filter((word) => word.at(-1) === byte);
  return words.length > 0 ? words : null;
});

/**
 * Fingerprints by what messages look like, so that most lines need no scan. Two messages that differ only in the digits of
 * their numbers, of which each has as many, have the same tokens: the scanner looks at digits themselves only in codes
 * behind their names, and those are part of the key. The key is 64 bits of hash, as a fingerprint is. What it can't tell
 * is always scanned, so a pattern never depends on what the cache holds (a property test compares them).
 */
export class PatternCache {
  private readonly firstKeys = new Int32Array(SLOTS);
  private readonly secondKeys = new Int32Array(SLOTS);
  private readonly highs = new Int32Array(SLOTS);
  /** Never 0 in a slot that is taken. */
  private readonly lows = new Int32Array(SLOTS);
  private readonly isTaken = new Uint8Array(SLOTS);
  private first = 0;
  private second = 0;
  private readonly found: Fingerprint = { high: 0, low: 0 };

  /** The pattern of the message that lies in source from `from` to before `end`. @returns what the next call overwrites */
  patternOf(source: Uint8Array, from: number, end: number): Fingerprint {
    const { found } = this;
    if (!this.keyOf(source, from, end)) return fingerprint(patternSample(source.subarray(from, end)), found);
    const { first, second } = this;
    const slot = (first ^ (second >>> 7)) & (SLOTS - 1);
    if (this.isTaken[slot] === 1 && this.firstKeys[slot] === first && this.secondKeys[slot] === second) {
      found.high = this.highs[slot] as number;
      found.low = this.lows[slot] as number;
      return found;
    }
    fingerprint(patternSample(source.subarray(from, end)), found);
    this.isTaken[slot] = 1;
    this.firstKeys[slot] = first;
    this.secondKeys[slot] = second;
    this.highs[slot] = found.high;
    this.lows[slot] = found.low;
    return found;
  }

  /** @returns false for a message that has to be scanned: JSON, several lines, control sequences, or words between dots */
  private keyOf(source: Uint8Array, from: number, end: number): boolean {
    if (end - from > LONGEST || source[from] === OPEN_BRACE) return false;
    let first = 0x811c9dc5;
    let second = 0x2545f491;
    let wordFrom = from;
    // Up to four bytes go into the hashes at once. None is 0, so that each number stands for the same bytes always.
    let bytes = 0;
    for (let at = from; at < end; ) {
      const byte = source[at] as number;
      if (byte < SPACE) return false;
      const kind = CLASS_OF[byte] as number;
      if (kind === CLASS.digit && (at - wordFrom >= CODE_LENGTH || !mayBeCode(source, from, wordFrom))) {
        const start = at++;
        while (at < end && CLASS_OF[source[at] as number] === CLASS.digit) at++;
        const digits = DIGITS + Math.min(at - start, LONGEST_RUN);
        first = mixedFirst(mixedFirst(first, bytes), digits);
        second = mixedSecond(mixedSecond(second, bytes), digits);
        bytes = 0;
        continue;
      }
      at++;
      if (kind < CLASS.lower) wordFrom = at;
      // Two dots part a word in two, of which the second may be a code.
      else if (byte === DOT && source[at] === DOT) return false;
      bytes = (bytes << 8) | byte;
      if (bytes >>> 24 !== 0) {
        first = mixedFirst(first, bytes);
        second = mixedSecond(second, bytes);
        bytes = 0;
      }
    }
    this.first = mixedFirst(first, bytes);
    this.second = mixedSecond(second, bytes);
    return true;
  }
}

const mixedFirst = (hash: number, value: number) => Math.imul(((hash << 13) | (hash >>> 19)) ^ value, 0x01000193);
const mixedSecond = (hash: number, value: number) => Math.imul(((hash << 5) | (hash >>> 27)) ^ value, 0x5bd1e995);

/** Whether the word that begins at `at` may be a code, by what stands before it. It says so too often, but never too seldom. */
function mayBeCode(source: Uint8Array, from: number, at: number): boolean {
  let before = backOverSpaces(source, from, at - 1);
  if (before < from) return false;
  if (source[before] === QUOTE) return true;
  if (source[before] === EQUALS) before = backOverSpaces(source, from, before - 1);
  return before >= from && endsWithCodeWord(source, from, before);
}

function backOverSpaces(source: Uint8Array, from: number, at: number): number {
  let before = at;
  while (before >= from && CLASS_OF[source[before] as number] === CLASS.space) before--;
  return before;
}

function endsWithCodeWord(source: Uint8Array, from: number, last: number): boolean {
  const words = CODES_BY_END[source[last] as number];
  if (!words) return false;
  for (const word of words) {
    let length = 1;
    while (length < word.length && last - length >= from && source[last - length] === word[word.length - 1 - length]) {
      length++;
    }
    if (length === word.length) return true;
  }
  return false;
}
