/** How many numbers are from `from` to before `to`; the last bar has those that are `to` too. */
export type NumberBar = { from: number; to: number; count: number };

const MOST_BARS = 20;
/** Numbers that reach over so many times their median would all stand in the first bar. */
const SKEWED = 20;
/** Bars of skewed numbers begin with one of all that is smaller by so much. */
const SMALLEST = 1e-4;

/**
 * A histogram whose bars begin at round numbers: evenly, or at 1, 2, 5, 10 and so on where some numbers are far greater than most.
 * @param counts by number; a number may stand for those with the same three first digits from it on
 */
export function numberBars(
  counts: ReadonlyMap<number, number>,
  { least, greatest }: { least: number; greatest: number },
): NumberBar[] {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const edges = edgesOf(least, greatest, medianOf(sorted));
  const bars = edges.slice(0, -1).map((from, index) => ({ from, to: edges[index + 1] ?? from, count: 0 }));
  let at = 0;
  for (const [number, count] of sorted) {
    while (at < bars.length - 1 && number >= (bars[at]?.to ?? 0)) at++;
    const bar = bars[at];
    if (bar) bar.count += count;
  }
  return bars;
}

function medianOf(sorted: readonly (readonly [number, number])[]): number {
  let left = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  for (const [number, count] of sorted) {
    left -= count;
    if (left <= 0) return number;
  }
  return 0;
}

function edgesOf(least: number, greatest: number, median: number): number[] {
  const isSkewed = least >= 0 && median > 0 && greatest > median * SKEWED;
  if (!isSkewed) return evenEdges(least, greatest);
  const edges = growingEdges(Math.max(least, greatest * SMALLEST), greatest);
  return least < (edges[0] ?? 0) ? [0, ...edges] : edges;
}

/** Of 1, 2, 5, 10, 20 and so on those from the last one that is not above `from` to the first one above `to`. */
function growingEdges(from: number, to: number): number[] {
  const edges: number[] = [];
  for (let power = Math.floor(Math.log10(from)); ; power++) {
    for (const digit of [1, 2, 5]) {
      const edge = Number(`${digit}e${power}`);
      if (edge <= from) edges[0] = edge;
      else edges.push(edge);
      if (edge > to) return edges;
    }
  }
}

/** Multiples of 1, 2 or 5 of a power of ten. */
function evenEdges(least: number, greatest: number): number[] {
  const rough = (greatest - least) / MOST_BARS || Math.abs(greatest) / 10 || 1;
  // Of some numbers no more than three digits are known.
  const known = Math.floor(Math.log10(Math.max(Math.abs(least), Math.abs(greatest), 1e-300))) - 2;
  const power = Math.max(Math.floor(Math.log10(rough)), known);
  const digit = [1, 2, 5, 10].find((one) => Number(`${one}e${power}`) >= rough) ?? 10;
  const step = Number(`${digit}e${power}`);
  const [first, last] = [Math.floor(least / step), Math.floor(greatest / step) + 1];
  return Array.from({ length: last - first + 1 }, (_, index) => Number(`${(first + index) * digit}e${power}`));
}
