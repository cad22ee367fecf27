/** Different numbers, ascending, and how often each came. */
export type ValueCounts = { values: readonly number[]; counts: readonly number[] };

/** @param counted how often each number came, in any order */
export function valueCountsOf(counted: ReadonlyMap<number, number>): ValueCounts {
  const values = Array.from(Float64Array.from(counted.keys()).sort());
  return { values, counts: values.map((value) => counted.get(value) ?? 0) };
}

/** All of them together. */
export function mergeCounts(all: readonly ValueCounts[]): ValueCounts {
  let round = all;
  while (round.length > 1) {
    const next: ValueCounts[] = [];
    for (let at = 0; at < round.length; at += 2) {
      const [one, other] = [round[at], round[at + 1]];
      if (one) next.push(other ? mergeTwo(one, other) : one);
    }
    round = next;
  }
  return round[0] ?? { values: [], counts: [] };
}

function mergeTwo(one: ValueCounts, other: ValueCounts): ValueCounts {
  const [values, counts]: [number[], number[]] = [[], []];
  let [a, b] = [0, 0];
  for (;;) {
    const [left, right] = [one.values[a], other.values[b]];
    if (left === undefined && right === undefined) return { values, counts };
    if (right === undefined || (left !== undefined && left <= right)) {
      values.push(left ?? 0);
      counts.push((one.counts[a++] ?? 0) + (left === right ? (other.counts[b++] ?? 0) : 0));
    } else {
      values.push(right);
      counts.push(other.counts[b++] ?? 0);
    }
  }
}

/**
 * The value below which a share of the values lie, between two of them in proportion (Hyndman and Fan's type 7, which is
 * PostgreSQL's percentile_cont); null of none.
 * @param share from 0 to 1
 */
export function quantileOf({ values, counts }: ValueCounts, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const place = share * (total - 1);
  const rest = place - Math.floor(place);
  const below = valueAt({ values, counts }, Math.floor(place));
  if (rest === 0) return below;
  // Not below + (above - below) * rest, which can leave the two when they are far apart.
  return below * (1 - rest) + valueAt({ values, counts }, Math.ceil(place)) * rest;
}

/** The value at a place among all, from 0 on. */
function valueAt({ values, counts }: ValueCounts, place: number): number {
  let passed = 0;
  for (let at = 0; at < values.length; at++) {
    passed += counts[at] ?? 0;
    if (passed > place) return values[at] ?? Number.NaN;
  }
  return Number.NaN;
}
