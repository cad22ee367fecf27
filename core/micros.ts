export const MINUTE_MICROS = 60_000_000;

/** Digits of a fraction of a second beyond its milliseconds, of which a Date knows nothing. */
const BELOW_MS = /\.\d{3}(\d{1,3})/;

/** The last second that was written: entries of one stand together, and writing it takes longer than all the rest. */
const last = { second: Number.NaN, text: "" };

/** A point in time as ISO 8601 in UTC with all six digits, so that texts sort as times do. @param micros since 1970 */
export function isoOfMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second !== last.second) {
    last.text = new Date(second * 1_000).toISOString().slice(0, -4);
    last.second = second;
  }
  return `${last.text}${String(micros - second * 1_000_000).padStart(6, "0")}Z`;
}

/**
 * Microseconds since 1970; digits below are dropped.
 * @param iso a date-time of ISO 8601 with Z or an offset
 */
export const microsOfIso = (iso: string): number =>
  Date.parse(iso) * 1_000 + Number((BELOW_MS.exec(iso)?.[1] ?? "").padEnd(3, "0"));
