import { HOSTNAME, NAMES, NESTED } from "./names";

/** The members of an entry: four that have many names, and those of our own format alone. */
export const MEMBERS = [
  "timestamp",
  "level",
  "message",
  "service",
  "tags",
  "attributes",
  "context",
  "metadata",
] as const;
export type Member = (typeof MEMBERS)[number];

/** A name that says what a member of a line is. */
export type KnownName = {
  /** As in NAMES, in small letters. */
  name: string;
  bytes: Uint8Array;
  /** Index in MEMBERS; -1 when the name only holds or hints at one. */
  member: number;
  /** Its place in the order of NAMES, 0 first. */
  rank: number;
};

const ORDERS: Readonly<Record<Member, readonly string[]>> = {
  ...NAMES,
  tags: ["tags"],
  attributes: ["attributes"],
  context: ["context"],
  metadata: ["metadata"],
};
const HOLDERS = Object.values(NESTED).flatMap((paths) => paths.map(([holder]): string => holder));

const byName = new Map<string, KnownName>();
function learn(written: string, member: number, rank: number): void {
  const name = written.toLowerCase();
  byName.set(name, { name, bytes: Buffer.from(name), member, rank });
}
for (const name of [...HOLDERS, HOSTNAME]) learn(name, -1, 0);
for (const [index, member] of MEMBERS.entries()) {
  for (const [rank, name] of ORDERS[member].entries()) learn(name, index, rank);
}

/** By table, because this runs for every member of every entry: ASCII capitals become small letters. */
const SMALL = new Uint8Array(256).map((_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/** Length, first byte and the one in the middle leave one or two names to compare. */
function keyOf(source: Uint8Array, from: number, length: number): number {
  const first = SMALL[source[from] ?? 0] ?? 0;
  const middle = SMALL[source[from + (length >> 1)] ?? 0] ?? 0;
  return (length << 16) | (first << 8) | middle;
}

const BY_KEY = new Map<number, KnownName[]>();
for (const known of byName.values()) {
  const key = keyOf(known.bytes, 0, known.bytes.length);
  BY_KEY.set(key, [...(BY_KEY.get(key) ?? []), known]);
}

/** @returns what is known of the name that stands in these bytes, in any case of letters; undefined for any other */
export function findName(source: Uint8Array, from: number, end: number): KnownName | undefined {
  const candidates = BY_KEY.get(keyOf(source, from, end - from));
  if (candidates) for (const known of candidates) if (isName(known.bytes, source, from)) return known;
  return undefined;
}

function isName(name: Uint8Array, source: Uint8Array, from: number): boolean {
  for (let at = 0; at < name.length; at++) if (name[at] !== SMALL[source[from + at] ?? 0]) return false;
  return true;
}
