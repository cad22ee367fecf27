type Stretch = { entries: number; bytes: number };

/** A row group may begin in the middle of a stretch: the shorter they are, the less of it is left unused. */
const STRETCHES = 16;

/**
 * Finds how many entries each row group of a file may have. DuckDB takes one number for all, and entries may be long in one place and
 * short in all others: so many that, wherever a row group begins, its texts are not more than may be.
 */
export class GroupSize {
  private readonly stretches: Stretch[] = [];
  private open: Stretch = { entries: 0, bytes: 0 };

  /** @param mostBytes of the texts of one row group, if it has more than one entry */
  constructor(private readonly mostBytes: number) {}

  /** The next entry. @param bytes of its texts */
  add(bytes: number): void {
    this.open.entries++;
    this.open.bytes += bytes;
    if (this.open.bytes * STRETCHES < this.mostBytes) return;
    this.stretches.push(this.open);
    this.open = { entries: 0, bytes: 0 };
  }

  /** Infinite when all may be in one. */
  get entries(): number {
    const ends = [...this.stretches, this.open].values();
    let fewest = Number.POSITIVE_INFINITY;
    let [entries, bytes] = [0, 0];
    let end = ends.next();
    for (const first of this.stretches) {
      for (; !end.done && (entries === 0 || bytes + end.value.bytes <= this.mostBytes); end = ends.next()) {
        entries += end.value.entries;
        bytes += end.value.bytes;
      }
      if (end.done) break;
      // What begins with the last entry of the first one ends before the first one that is too much.
      fewest = Math.min(fewest, entries - first.entries + 1);
      entries -= first.entries;
      bytes -= first.bytes;
    }
    return Math.max(1, fewest);
  }
}
