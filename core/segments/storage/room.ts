import { statfs } from "node:fs/promises";
import { addMs, DAY_MS } from "@/core/clock";
import type { Storage, StoredDay } from "./schemas";

/** Of the latest days. */
const MEASURED_DAYS = 7;

type Asked = {
  /** The latest first. */
  days: readonly StoredDay[];
  sealedBytes: number;
  /** All that counts against maxBytes. */
  storedBytes: number;
  retentionDays: number;
  maxBytes: number | null;
  freeBytes: number | null;
};

/** How long there is room at the rate of the latest days: until the disk or the limit is reached, or for ever when retention comes first. */
export function roomOf(
  { days, sealedBytes, storedBytes, retentionDays, maxBytes, freeBytes }: Asked,
  now: Date,
): Storage["room"] {
  const today = now.toISOString().slice(0, 10);
  const full = days.filter(({ day, bytes }) => day < today && bytes > 0).slice(0, MEASURED_DAYS);
  const rate = full.length === 0 ? null : full.reduce((sum, { bytes }) => sum + bytes, 0) / full.length;
  const left = [maxBytes === null ? null : Math.max(0, maxBytes - storedBytes), freeBytes].filter(
    (one) => one !== null,
  );
  const room = left.length === 0 ? null : Math.min(...left);
  const of = { bytes_per_day: rate, retention_days: retentionDays, max_bytes: maxBytes, free_bytes: freeBytes };
  if (rate === null || room === null) return { ...of, fits_days: null, full_at: null };
  const growth = rate * retentionDays - sealedBytes;
  return {
    ...of,
    fits_days: (sealedBytes + room) / rate,
    full_at: growth <= room ? null : addMs(now, (room / rate) * DAY_MS).toISOString(),
  };
}

/** Free bytes where a folder is; null when nobody can say. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // A folder that is away has no room that counts; the store's state says so.
    return null;
  }
}
