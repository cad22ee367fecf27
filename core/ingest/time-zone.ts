import { LRUCache } from "lru-cache";
import { DAY_MS, MINUTE_MS } from "@/core/clock";

const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d))?/;
const HOUR_CHARACTERS = "2026-11-26T15".length;

/** Asking costs microseconds, and lines that come together are of one hour. */
const offsets = new LRUCache<string, string>({ max: 1_000 });

/**
 * A time that says no zone, such as 2026-11-26T15:00:00.5, as one of a zone: with its offset behind. In an hour that there is
 * twice or never, because clocks are changed, that is the offset before the change.
 * @param zone of the IANA database, such as Europe/Berlin
 */
export function inTimeZone(local: string, zone: string): string {
  const name = `${zone} ${local.slice(0, HOUR_CHARACTERS)}`;
  let offset = offsets.get(name);
  if (offset === undefined) {
    offset = offsetOf(local, zone);
    offsets.set(name, offset);
  }
  return local + offset;
}

function offsetOf(local: string, zone: string): string {
  const asUtc = Date.parse(`${local.slice(0, HOUR_CHARACTERS)}:00:00Z`);
  if (Number.isNaN(asUtc)) return "Z";
  const before = minutesAt(asUtc - DAY_MS, zone);
  const guess = minutesAt(asUtc - before * MINUTE_MS, zone);
  const minutes = minutesAt(asUtc - guess * MINUTE_MS, zone) === guess ? guess : before;
  const size = Math.abs(minutes);
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

function minutesAt(utcMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(utcMs);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours = "0", minutes = "0"] = OFFSET.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
