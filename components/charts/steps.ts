/** More would be drawn over one another. */
export const MOST_POINTS = 2_000;

/** The begin of each step of the range (ISO 8601), also of those in which there is nothing. */
export function stepsOf(from: string, to: string, stepMs: number): string[] {
  const steps: string[] = [];
  let moment = Math.floor(Date.parse(from) / stepMs) * stepMs;
  // Of a range that begins long before the first entry, the latest.
  moment = Math.max(moment, Math.floor((Date.parse(to) - 1) / stepMs) * stepMs - (MOST_POINTS - 1) * stepMs);
  for (; moment < Date.parse(to); moment += stepMs) steps.push(new Date(moment).toISOString());
  return steps;
}
