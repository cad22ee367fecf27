import { isBigint } from "@/core/bigint-text";
import { LIMITS } from "@/core/limits";

/**
 * How far a watcher has come, as the id of an event. What PostgreSQL's snapshot `seen` shows is behind it. In the middle of
 * what lies between two snapshots, `partial` says how far: everything up to the entry `after`, in the order of ids.
 */
export type Position = {
  /** When `seen` was taken, ms since 1970. */
  atMs: number;
  seen: string;
  partial: { until: string; after: string } | null;
};

/** Behind everything that the snapshot shows; null when there is none yet. */
export function positionAt(seen: string, now: Date): Position;
export function positionAt(seen: string | null, now: Date): Position | null;
export function positionAt(seen: string | null, now: Date): Position | null {
  return seen === null ? null : { atMs: now.getTime(), seen, partial: null };
}

/** As the id of an event, which decodePosition reads: `ms~snapshot`, and `~until~after` in the middle of two. */
export function encodePosition({ atMs, seen, partial }: Position): string {
  return partial === null ? `${atMs}~${seen}` : `${atMs}~${seen}~${partial.until}~${partial.after}`;
}

/** A snapshot names every transaction that is under way: there is room for hundreds, and for two snapshots among a request's headers. */
const FORMAT = /^(\d{1,15})~([\d:,]{1,4000})(?:~([\d:,]{1,4000})~(\d{1,19}))?$/;

/** Null for text that is not one, as a client may send anything. */
export function decodePosition(text: string | null): Position | null {
  const [, at, seen, until, after] = FORMAT.exec(text ?? "") ?? [];
  if (at === undefined || seen === undefined || !isSnapshot(seen)) return null;
  if (until === undefined || after === undefined) return { atMs: Number(at), seen, partial: null };
  return isSnapshot(until) && isBigint(after) ? { atMs: Number(at), seen, partial: { until, after } } : null;
}

/** Commits that are older may be forgotten. */
export const isExpired = ({ atMs }: Position, now: Date) => now.getTime() - atMs > LIMITS.resumeMs;

/** Of another database, such as the one before a backup was restored: its transactions are ones that this one has yet to come to. */
export const isAhead = ({ seen, partial }: Position, end: Position) =>
  nextOf(seen) > nextOf(end.seen) || (partial !== null && nextOf(partial.until) > nextOf(end.seen));

/** The first transaction that was not begun when the snapshot was taken. */
const nextOf = (snapshot: string) => BigInt(snapshot.split(":")[1] ?? 0);

/** The format of pg_snapshot (PostgreSQL's documentation, "Transaction ID and Snapshot Information Functions"). */
function isSnapshot(text: string): boolean {
  const [, oldest, next, running] = /^(\d{1,18}):(\d{1,18}):((?:\d{1,18},)*\d{1,18})?$/.exec(text) ?? [];
  if (oldest === undefined || next === undefined) return false;
  const numbers = running === undefined ? [] : running.split(",").map(BigInt);
  const [first, end] = [BigInt(oldest), BigInt(next)];
  const isOrdered = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n));
  return first > 0n && first <= end && isOrdered && numbers.every((number) => number >= first && number < end);
}
