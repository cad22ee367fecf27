/** More tokens of a message don't count. */
const MOST_TOKENS = 128;

/** Longest repeated unit that is looked for, in tokens. */
const LONGEST_UNIT = 8;

/** A delimiter's hash is its byte; those of words lie above. The wildcard is none of both. */
export const WILDCARD = 0;

const isDelimiter = (hash: number) => hash > 0 && hash < 0x80;

/** What may stand between values that are one: a list, a time, an address. */
const JOINS = new Set([...",:;/-.|+*"].map((character) => character.charCodeAt(0)));
const [OPEN, CLOSE, LESS] = [0x28, 0x29, 0x3c];

/**
 * The tokens of a message: words and delimiters by their hash, and values as wildcards. Values that stand together
 * become one as they are added. Made once and used again for every message, because making arrays would cost as much as scanning.
 */
export class Tokens {
  readonly hashes = new Int32Array(MOST_TOKENS);
  /** Where each stands in the message, in bytes. */
  readonly starts = new Int32Array(MOST_TOKENS);
  readonly ends = new Int32Array(MOST_TOKENS);
  count = 0;

  reset(): void {
    this.count = 0;
  }

  get isFull(): boolean {
    return this.count === MOST_TOKENS;
  }

  /** The hash of the token so many before the end; -1 for none, which no token is. */
  back(by: number): number {
    return this.count < by ? -1 : (this.hashes[this.count - by] as number);
  }

  word(hash: number, start: number, end: number): void {
    // Hashes that look like delimiters or the wildcard are moved away.
    this.put(hash >= -1 && hash < 0x80 ? hash ^ 0x40000000 : hash, start, end);
  }

  delimiter(byte: number, start: number): void {
    if (byte === CLOSE && this.back(1) === WILDCARD && this.back(2) === OPEN && this.back(3) === WILDCARD) {
      this.count -= 2;
      this.ends[this.count - 1] = start + 1;
      return;
    }
    this.put(byte, start, start + 1);
  }

  /** A value. One that follows a value becomes a part of it. */
  wildcard(start: number, end: number): void {
    if (this.back(1) === LESS) this.count--;
    if (this.back(1) !== WILDCARD && this.back(2) === WILDCARD && JOINS.has(this.back(1))) this.count--;
    if (this.back(1) === WILDCARD) this.ends[this.count - 1] = end;
    else this.put(WILDCARD, start, end);
  }

  /** Takes the last token for a value. */
  mask(): void {
    const { count } = this;
    if (count === 0 || this.back(1) === WILDCARD) return;
    this.count--;
    this.wildcard(this.starts[count - 1] as number, this.ends[count - 1] as number);
  }

  /** Only the first of units of 2 to 8 tokens that hold a value and follow each other stays. */
  dropRepeats(): void {
    const { hashes } = this;
    for (let at = 0; at < this.count; at++) {
      for (let length = 2; length <= LONGEST_UNIT && at + 2 * length <= this.count; length++) {
        while (at + 2 * length <= this.count && this.repeats(at, length)) {
          hashes.copyWithin(at + length, at + 2 * length, this.count);
          this.starts.copyWithin(at + length, at + 2 * length, this.count);
          this.ends.copyWithin(at + length, at + 2 * length, this.count);
          this.count -= length;
        }
      }
    }
  }

  private repeats(at: number, length: number): boolean {
    let hasValue = false;
    for (let index = at; index < at + length; index++) {
      const hash = this.hashes[index] as number;
      if (hash !== this.hashes[index + length]) return false;
      if (hash === WILDCARD) hasValue = true;
    }
    return hasValue;
  }

  private put(hash: number, start: number, end: number): void {
    if (this.count === MOST_TOKENS) return;
    this.hashes[this.count] = hash;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }
}

/** Whether a token is a word: neither a value nor a delimiter. @param hash -1 where there is no token */
export const isWord = (hash: number) => hash !== WILDCARD && hash !== -1 && !isDelimiter(hash);
