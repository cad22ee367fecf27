const FIRST_SLOTS = 64;
const FIRST_BYTES = 1_024;

/** Gives texts numbers, by their bytes and without making strings of them: 0 for the first, 1 for the next that is another one. */
export class TextTable {
  /** Open addressing: the number of a text and one, 0 where there is none. */
  private slots = new Int32Array(FIRST_SLOTS);
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** By number, where it ends in the bytes, where the next one begins. */
  private readonly ends: number[] = [];
  private readonly hashes: number[] = [];

  get size(): number {
    return this.ends.length;
  }

  numberOf(source: Uint8Array, from: number, end: number): number {
    let hash = end - from;
    for (let at = from; at < end; at++) hash = (Math.imul(hash, 0x01000193) ^ (source[at] as number)) | 0;
    // The low bits of what came last would decide alone.
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = (this.slots[slot] as number) - 1;
      if (known < 0) return this.add(source, from, end, hash, slot);
      if (this.hashes[known] === hash && this.isAt(known, source, from, end)) return known;
    }
  }

  textOf(number: number): string {
    return this.bytes.toString("utf8", this.ends[number - 1] ?? 0, this.ends[number]);
  }

  private isAt(number: number, source: Uint8Array, from: number, end: number): boolean {
    const { bytes } = this;
    const begin = this.ends[number - 1] ?? 0;
    if ((this.ends[number] as number) - begin !== end - from) return false;
    for (let at = 0; at < end - from; at++) if (bytes[begin + at] !== source[from + at]) return false;
    return true;
  }

  private add(source: Uint8Array, from: number, end: number, hash: number, slot: number): number {
    const number = this.size;
    const begin = this.ends[number - 1] ?? 0;
    const needed = begin + end - from;
    if (needed > this.bytes.length) {
      const more = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed));
      more.set(this.bytes.subarray(0, begin));
      this.bytes = more;
    }
    this.bytes.set(source.subarray(from, end), begin);
    this.ends.push(needed);
    this.hashes.push(hash);
    this.slots[slot] = number + 1;
    if (this.size * 2 > this.slots.length) this.grow();
    return number;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (const [number, hash] of this.hashes.entries()) {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}
