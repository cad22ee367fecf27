import { createHash } from "node:crypto";
import type { Keep } from "./accumulator";

/** By which values are told apart: so many bytes of SHA-1, of which among ten million no two are alike but once in 10^15 times. */
export const DIGEST_BYTES = 12;
const WORDS = DIGEST_BYTES / 4;
const FIRST_SLOTS = 8;
const GROWTH = 1.25;
/** Of the slots that are taken, so that looking for a free one takes few steps. */
const FULL = 0.75;
const RANGE = 2 ** 32;

/** A set of texts that is only counted and joined with others: of each it keeps a digest, which takes a tenth of what the text would. */
export class DigestSet {
  /** Each of some words; all zero: free. */
  private slots: Uint32Array;
  private taken = 0;

  /** @param keep throws when there is not so much room */
  constructor(private readonly keep: Keep) {
    keep(FIRST_SLOTS * DIGEST_BYTES);
    this.slots = new Uint32Array(FIRST_SLOTS * WORDS);
  }

  get size(): number {
    return this.taken;
  }

  addText(text: string): void {
    // Half of a character has no bytes of its own, and no text that was stored begins like this.
    const hash = createHash("sha1").update(text.isWellFormed() ? text : `\0${JSON.stringify(text)}`);
    this.addDigests(hash.digest().subarray(0, DIGEST_BYTES));
  }

  /** @param digests one after the other; what of a last one is not whole is left out */
  addDigests(digests: Buffer): void {
    // Those of another set come in the order of its slots: in a table that is still small they would all crowd at its beginning.
    this.makeRoom(this.taken + Math.floor(digests.length / DIGEST_BYTES));
    for (let at = 0; at + DIGEST_BYTES <= digests.length; at += DIGEST_BYTES) {
      this.add(digests.readUInt32LE(at), digests.readUInt32LE(at + 4), digests.readUInt32LE(at + 8));
    }
  }

  /** In no order. */
  all(): Buffer {
    const { slots } = this;
    const all = Buffer.allocUnsafe(this.taken * DIGEST_BYTES);
    let end = 0;
    for (let at = 0; at < slots.length; at += WORDS) {
      if (isFree(slots, at)) continue;
      for (let word = 0; word < WORDS; word++) end = all.writeUInt32LE(slots[at + word] ?? 0, end);
    }
    return all;
  }

  private add(one: number, two: number, three: number): void {
    // A digest that is all zeros would look free.
    const last = one === 0 && two === 0 && three === 0 ? 1 : three;
    const { slots } = this;
    const number = slots.length / WORDS;
    let at = Math.floor((one / RANGE) * number) * WORDS;
    while (!isFree(slots, at)) {
      if (slots[at] === one && slots[at + 1] === two && slots[at + 2] === last) return;
      at += WORDS;
      if (at === slots.length) at = 0;
    }
    slots[at] = one;
    slots[at + 1] = two;
    slots[at + 2] = last;
    this.taken++;
  }

  private makeRoom(digests: number): void {
    const { slots } = this;
    const before = slots.length / WORDS;
    if (digests <= before * FULL) return;
    const number = Math.ceil(Math.max(before * GROWTH, digests / FULL));
    this.keep((number - before) * DIGEST_BYTES);
    this.slots = new Uint32Array(number * WORDS);
    this.taken = 0;
    for (let at = 0; at < slots.length; at += WORDS) {
      if (!isFree(slots, at)) this.add(slots[at] ?? 0, slots[at + 1] ?? 0, slots[at + 2] ?? 0);
    }
  }
}

const isFree = (slots: Uint32Array, at: number): boolean =>
  slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0;
