import { LIMITS } from "@/core/limits";
import type { Keep } from "./accumulator";

/** Of a text and how often it came, beside its characters. */
const TEXT_BYTES = 80;

export const bytesOfCounted = (text: string): number => TEXT_BYTES + text.length * 2;

/** Texts that may be the most frequent; of any other one it is known that it came no more often than `others`. */
type Candidates = { texts: readonly string[]; others: number };

/**
 * The most frequent among more texts than are kept, by the counts of Misra and Gries ("Finding repeated elements", 1982), joined as in "Mergeable
 * summaries" (Agarwal and others, 2012): what is kept of a text is at most `missed` less than how often it came, and what is not kept came no more often
 * than that.
 */
export class FrequentTexts {
  private missed = 0;

  /** @param counts how often each came so far; their bytes are kept already (bytesOfCounted), and it is this one's from now on */
  constructor(
    private readonly counts: Map<string, number>,
    private readonly keep: Keep,
  ) {}

  add(text: string, count: number): void {
    const known = this.counts.get(text);
    if (known === undefined) this.keep(bytesOfCounted(text));
    this.counts.set(text, (known ?? 0) + count);
    // To half of it, so that not each new text has all counts looked at.
    if (this.counts.size > LIMITS.facetValues) this.cutTo(LIMITS.facetValues / 2);
  }

  /** Takes in the state of another one. */
  merge(missed: number, counts: Iterable<readonly [text: string, count: number]>): void {
    this.missed += missed;
    for (const [text, count] of counts) this.add(text, count);
  }

  /** What is to be kept of it, in a tenth of the room. */
  state(): { missed: number; counts: ReadonlyMap<string, number> } {
    this.cutTo(LIMITS.facetValues / 10);
    return { missed: this.missed, counts: this.counts };
  }

  /** @param isWanted which texts are to be looked at */
  candidates(most: number, isWanted: (text: string) => boolean): Candidates {
    const sorted = [...this.counts].filter(([text]) => isWanted(text)).sort(([, one], [, other]) => other - one);
    return { texts: sorted.slice(0, most).map(([text]) => text), others: this.missed + (sorted[most]?.[1] ?? 0) };
  }

  private cutTo(most: number): void {
    if (this.counts.size <= most) return;
    const ascending = Float64Array.from(this.counts.values()).sort();
    const taken = ascending[ascending.length - 1 - most] ?? 0;
    this.missed += taken;
    for (const [text, count] of this.counts) {
      if (count > taken) {
        this.counts.set(text, count - taken);
        continue;
      }
      this.counts.delete(text);
      this.keep(-bytesOfCounted(text));
    }
  }
}
