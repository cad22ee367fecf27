import { DAY_MS } from "./clock";

/** Of a chart whose steps nobody named. */
const MOST_STEPS = 120;

/**
 * How wide steps are of which a length of time has at most MOST_STEPS, in ms: the first of some widths that does, of which the last is a
 * day, else days, doubled as often as that takes.
 */
export function stepWidth(lengthMs: number, widths: readonly number[]): number {
  const found = widths.find((width) => lengthMs / width <= MOST_STEPS);
  return found ?? DAY_MS * 2 ** Math.ceil(Math.log2(lengthMs / MOST_STEPS / DAY_MS));
}
