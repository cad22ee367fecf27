import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { nounFor } from "@/core/noun";

const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

export const formatCount = (count: number): string => whole.format(count);

const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** A number of any kind: whole ones as they are, others to six digits, very small and large ones with a power of ten. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return whole.format(value);
  return size >= 1e15 || (size < 1e-4 && size > 0) ? value.toExponential(4) : short.format(value);
}

/** "1 entry", "3,000 entries". */
export const countOf = (count: number, one: string, many?: string): string =>
  `${formatCount(count)} ${nounFor(count, one, many)}`;

/** The same of what is counted up to LIMITS.countedRows only: "at least 100,000 incidents". */
export const countUpTo = (count: number, one: string): string =>
  `${count >= LIMITS.countedRows ? "at least " : ""}${countOf(count, one)}`;

/** @param rate from 0 to 1; a rate that would round to zero is said to be below what is shown */
export const formatRate = (rate: number): string => (rate > 0 && rate < 0.0005 ? "< 0.1%" : percent.format(rate));

/** The two largest units of a span of time, from minutes up: "5 h", "1 d 2 h", "12 min". @param ms at least a minute */
export function formatSpan(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS) % 60;
  const hours = Math.floor(ms / HOUR_MS) % 24;
  const days = Math.floor(ms / DAY_MS);
  const units = [days > 0 ? `${days} d` : "", hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""];
  return units
    .filter((unit) => unit !== "")
    .slice(0, 2)
    .join(" ");
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"];

/** As disks are sold, in thousands: "812 bytes", "1.4 GB", "20 GB". */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${unit > 0 && size < 9.95 ? size.toFixed(1) : whole.format(Math.round(size))} ${UNITS[unit]}`;
}
