import { SMALL_LETTERS } from "@/core/ascii";
import { HOSTNAME, NAMES } from "./names";

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

/** Kinds of JSON values, told apart by the first byte; bits, so that a name can allow several. */
export const KIND = { text: 1, number: 2, object: 4, array: 8, boolean: 16, null: 32 } as const;
const ANY = 63;

/** The kind of the value that begins with a byte; 0 for a byte with which none does. */
export const KIND_OF = new Uint8Array(256);
for (const byte of Buffer.from("-0123456789")) KIND_OF[byte] = KIND.number;
for (const byte of Buffer.from("tf")) KIND_OF[byte] = KIND.boolean;
KIND_OF[0x22] = KIND.text;
KIND_OF[0x7b] = KIND.object;
KIND_OF[0x5b] = KIND.array;
KIND_OF[0x6e] = KIND.null;

/** What the presence of a name says of the others; bits. */
export const HINT = { holds: 1, hostname: 2 } as const;

/** A name that says what a member of a line is. */
export type KnownName = {
  /** As in NAMES, in small letters. */
  name: string;
  bytes: Uint8Array;
  /** Index in MEMBERS; -1 when the name only holds or hints at one. */
  member: number;
  /** Its place in the order of NAMES, 0 first. */
  rank: number;
  /** Of KIND: a value of another kind is an attribute like any other, as the name is also used for other things. */
  kinds: number;
  /** Of HINT. */
  hints: number;
  /** Its values are read by rules of its own (members.ts). */
  isSpecial: boolean;
  /** Its value is a message template, whose holes are filled. */
  isTemplate: boolean;
  /**
   * Of a service: it says where an entry came in rather than whose it is, and what its sender says of a whole request counts first. Of a time: in
   * a line that was wrapped it may be that of something else, such as an order.
   */
  isWeak: boolean;
  /** With the same length and first letter. */
  next: KnownName | null;
};

const dotted = Object.values(NAMES)
  .flat()
  .filter((name) => name.includes("."));
const holderOf = (name: string) => name.slice(0, name.indexOf(".")).toLowerCase();

const ORDERS: Readonly<Record<Member, readonly string[]>> = {
  ...NAMES,
  tags: ["tags"],
  attributes: ["attributes"],
  context: ["context"],
  metadata: ["metadata"],
};
/** Our own names stand for the member whatever they hold. */
const OWN = ["timestamp", "level", "message"];
const WEAK = ["_index", "fluent_tag", "datetime", "date", "eventtime"];
const TEMPLATES = ["@mt", "messagetemplate"];
const SPECIAL = [...TEMPLATES, "log", "levelno", "severitynumber", "severity_number", "datetime.date"];

function kindsOf(member: Member, name: string): number {
  if (OWN.includes(name)) return ANY;
  switch (member) {
    case "timestamp":
      // As a number it is more often something else than a time.
      if (name === "t") return KIND.null | KIND.text;
      return KIND.null | KIND.text | KIND.number | (name === "instant" ? KIND.object : 0);
    case "level":
      return KIND.null | KIND.text | KIND.number;
    case "message":
      return KIND.null | KIND.text;
    case "service":
      return KIND.null | KIND.text | (name === "service" ? KIND.number : 0);
    case "tags":
      return KIND.null | KIND.array;
    default:
      return KIND.null | KIND.object;
  }
}

const byName = new Map<string, KnownName>();
function learn(written: string, member: number, rank: number, kinds: number, hints: number): void {
  const name = written.toLowerCase();
  const isSpecial = SPECIAL.includes(name);
  const isTemplate = TEMPLATES.includes(name);
  const isWeak = WEAK.includes(name);
  const known = {
    name,
    bytes: Buffer.from(name),
    member,
    rank,
    kinds,
    hints,
    isSpecial,
    isTemplate,
    isWeak,
    next: null,
  };
  byName.set(name, { ...known, hints: hints | (byName.get(name)?.hints ?? 0) });
}
learn(HOSTNAME, -1, 0, 0, HINT.hostname);
for (const name of dotted) learn(holderOf(name), -1, 0, 0, HINT.holds);
for (const [index, member] of MEMBERS.entries()) {
  for (const [rank, name] of ORDERS[member].entries()) learn(name, index, rank, kindsOf(member, name.toLowerCase()), 0);
}

/** Where a member may stand in another one, in the order in which they are tried. */
export const NESTED_NAMES = dotted.flatMap((name) => {
  const known = byName.get(name.toLowerCase());
  const holder = byName.get(holderOf(name));
  return known && holder ? [{ known, holder, path: name.slice(name.indexOf(".") + 1) }] : [];
});

/** The first byte counts without the bit that tells capitals from small letters. */
const slotOf = (length: number, first: number) => (length << 5) | (first & 0x1f);
const LONGEST = Math.max(...[...byName.values()].map(({ bytes }) => bytes.length));
const SLOTS: (KnownName | null)[] = new Array((LONGEST + 1) << 5).fill(null);
for (const known of byName.values()) {
  const slot = slotOf(known.bytes.length, known.bytes[0] ?? 0);
  known.next = SLOTS[slot] ?? null;
  SLOTS[slot] = known;
}

/** @returns what is known of the name that stands in these bytes, in any case of letters; null for any other */
export function findName(source: Uint8Array, from: number, end: number): KnownName | null {
  const length = end - from;
  if (length > LONGEST) return null;
  let known = SLOTS[slotOf(length, source[from] as number)] as KnownName | null;
  while (known !== null && !isName(known.bytes, source, from)) known = known.next;
  return known;
}

/** Whether the bytes at `from` are these small letters, in any case; the lengths are the same. */
function isName(name: Uint8Array, source: Uint8Array, from: number): boolean {
  for (let at = 0; at < name.length; at++) if (name[at] !== SMALL_LETTERS[source[from + at] as number]) return false;
  return true;
}
