/** 2^27 + 1 parts the 53 bits of a double into two halves (Dekker 1971). */
const SPLITTER = 134_217_729;

/**
 * The sum of numbers without any loss: kept as numbers that don't overlap (Shewchuk 1997, "Adaptive Precision Floating-Point
 * Arithmetic"), and rounded once, when it is told. So neither the order of the numbers nor how they were put together makes a difference.
 * Only for numbers far from the greatest that there is, as those of entries are.
 */
export class ExactSum {
  /** Each is smaller than the last bit of the next. */
  parts: number[] = [];

  /** Adds the value so many times. */
  addTimes(value: number, times: number): void {
    const product = value * times;
    this.add(product);
    if (times === 1) return;
    // What the product was rounded by.
    const [high, low] = halvesOf(value);
    const [timesHigh, timesLow] = halvesOf(times);
    const lost = low * timesLow - (product - high * timesHigh - low * timesHigh - high * timesLow);
    if (lost !== 0) this.add(lost);
  }

  add(value: number): void {
    const { parts } = this;
    let sum = value;
    let kept = 0;
    for (const part of parts) {
      const [large, small] = Math.abs(sum) < Math.abs(part) ? [part, sum] : [sum, part];
      sum = large + small;
      const lost = small - (sum - large);
      if (lost !== 0) parts[kept++] = lost;
    }
    parts.length = kept;
    parts.push(sum);
  }

  /** The double next to the sum. */
  total(): number {
    const { parts } = this;
    let at = parts.length - 1;
    let total = parts[at] ?? 0;
    let lost = 0;
    while (at > 0 && lost === 0) {
      const before = total;
      const part = parts[--at] ?? 0;
      total = before + part;
      lost = part - (total - before);
    }
    // Half way between two doubles, what is left below decides.
    const below = parts[at - 1] ?? 0;
    if ((lost < 0 && below < 0) || (lost > 0 && below > 0)) {
      const doubled = lost * 2;
      const rounded = total + doubled;
      if (doubled === rounded - total) return rounded;
    }
    return total;
  }
}

function halvesOf(value: number): [high: number, low: number] {
  const scaled = SPLITTER * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}
