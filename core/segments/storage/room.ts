import { statfs } from "node:fs/promises";
import { addMs, DAY_MS } from "@/core/clock";
import { ageOf } from "@/core/retention/retention-plan";
import type { Storage, StoredDay } from "./schemas";

/** Of the latest days. */
export const MEASURED_DAYS = 7;

/** The part of what comes that is kept for so many days; all parts together are 1. */
export type KeptShare = { days: number; share: number };

type Asked = {
  /** The latest first. */
  days: readonly StoredDay[];
  sealedBytes: number;
  /** What the database has that is not sealed, of which there is as much on any day. */
  hotBytes: number;
  /** All that counts against maxBytes. */
  storedBytes: number;
  retentionDays: number;
  /** By the rules of retention, of what came lately. */
  kept: readonly KeptShare[];
  maxBytes: number | null;
  freeBytes: number | null;
};

/**
 * How long there is room at the rate of the latest days: until the disk or the limit is reached, or for ever when retention comes first.
 * What the database has beside entries, such as counts and filters, grows as the files do, and where it grows they share the room.
 */
export function roomOf(asked: Asked, now: Date): Storage["room"] {
  const { days, sealedBytes, hotBytes, storedBytes, retentionDays, kept, maxBytes, freeBytes } = asked;
  const rate = rateOf(days, Math.min(...kept.map((part) => part.days)), now);
  const left = [maxBytes === null ? null : Math.max(0, maxBytes - storedBytes), freeBytes].filter(
    (one) => one !== null,
  );
  const room = left.length === 0 ? null : Math.min(...left);
  const of = {
    bytes_per_day: rate,
    retention_days: retentionDays,
    kept_days: kept.reduce((sum, part) => sum + part.days * part.share, 0),
    max_bytes: maxBytes,
    free_bytes: freeBytes,
  };
  if (rate === null || room === null) return { ...of, fits_days: null, full_at: null };
  // In bytes of files.
  const roomForFiles = (room * sealedBytes) / Math.max(sealedBytes, storedBytes - hotBytes);
  const fullIn = daysUntil(roomForFiles, { days, kept, rate }, now);
  return {
    ...of,
    fits_days: (sealedBytes + roomForFiles) / rate,
    full_at: fullIn === null ? null : addMs(now, fullIn * DAY_MS).toISOString(),
  };
}

/** Bytes of files that come on a day, by those of which nothing has expired; null when there is none yet. */
function rateOf(days: readonly StoredDay[], shortestDays: number, now: Date): number | null {
  const whole = days.filter(({ day, bytes }) => {
    const age = ageOf(new Date(day), now);
    return age > 0 && age <= shortestDays && bytes > 0;
  });
  const full = whole.slice(0, MEASURED_DAYS);
  return full.length === 0 ? null : full.reduce((sum, { bytes }) => sum + bytes, 0) / full.length;
}

/**
 * In how many days so many bytes of files more will be there, when each day as much comes as lately, and what is past its retention goes;
 * null when never.
 */
function daysUntil(
  bytes: number,
  { days, kept, rate }: Pick<Asked, "days" | "kept"> & { rate: number },
  now: Date,
): number | null {
  const bytesByAge = new Map(days.map(({ day, bytes: ofDay }) => [ageOf(new Date(day), now), ofDay]));
  /** Of a day there is now, what is kept for so long: it has only what is kept for as long as that, or longer. */
  const partOf = (age: number, share: number) => {
    const ofDay = bytesByAge.get(age) ?? 0;
    if (ofDay === 0) return 0;
    const there = kept.filter((part) => part.days >= age).reduce((sum, part) => sum + part.share, 0);
    return (ofDay * share) / there;
  };
  let more = 0;
  for (let day = 1; day <= Math.max(...kept.map((part) => part.days)); day++) {
    const before = more;
    for (const { days: keptDays, share } of kept) {
      // It will be older than it may be then.
      const age = keptDays + 1 - day;
      more += share * rate - (age > 0 ? partOf(age, share) : share * rate);
    }
    if (more > bytes) return day - 1 + (bytes - before) / (more - before);
  }
  return null;
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
