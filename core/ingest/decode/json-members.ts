import { CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "@/core/ascii";
import { equalBytes } from "@/core/ingest/equal-bytes";
import { JsonScanner } from "./json-scanner";

export type JsonMember = {
  name: string;
  /** Index of the name's opening quote. */
  nameFrom: number;
  /** Of the value. */
  from: number;
  end: number;
  /** The value is a string that holds a backslash. */
  escaped: boolean;
};

/** One for all, since each member is scanned in one go: making one costs as much as scanning. */
const scanner = new JsonScanner();

/** The member `"name": value` that begins at `nameFrom`, in JSON text that was found to be good up to `end`. */
export function memberFrom(source: Buffer, nameFrom: number, end: number): JsonMember {
  scanner.reset(source, end);
  const from = scanner.scanMemberKey(nameFrom);
  const name = scannedName(source, nameFrom);
  const valueEnd = scanner.scanValue(from, 1);
  return { name, nameFrom, from, end: valueEnd, escaped: source[from] === QUOTE && scanner.escaped };
}

/** Of the member's key that was scanned last. */
function scannedName(source: Buffer, nameFrom: number): string {
  const { nameEnd } = scanner;
  if (!scanner.escaped) return nameText(source, nameFrom + 1, nameEnd);
  return String(JSON.parse(source.toString("utf8", nameFrom, nameEnd + 1)));
}

const KEPT_NAMES = 1_024;
const KEPT_NAME_BYTES = 64;
const keptNames: ({ bytes: Buffer; text: string } | undefined)[] = new Array(KEPT_NAMES);

/** Entries have the same few names, and making a string costs more than comparing its bytes: those seen last are kept. */
function nameText(source: Buffer, from: number, end: number): string {
  const length = end - from;
  if (length > KEPT_NAME_BYTES) return source.toString("utf8", from, end);
  let hash = length;
  for (let at = from; at < end; at++) hash = (Math.imul(hash, 31) + (source[at] as number)) | 0;
  const slot = hash & (KEPT_NAMES - 1);
  const kept = keptNames[slot];
  if (kept && equalBytes(kept.bytes, source, from, end)) return kept.text;
  const text = source.toString("utf8", from, end);
  keptNames[slot] = { bytes: Buffer.from(source.subarray(from, end)), text };
  return text;
}

/** The members of the object that is the JSON value from `from` to `end`, which was found to be good; none of another value. */
export function membersOf(source: Buffer, from: number, end: number): JsonMember[] {
  const members: JsonMember[] = [];
  if (source[from] !== OPEN_BRACE) return members;
  scanner.reset(source, end);
  for (let at = scanner.skipSpace(from + 1); source[at] === QUOTE; at = scanner.skipSpace(at + 1)) {
    const member = memberFrom(source, at, end);
    members.push(member);
    at = scanner.skipSpace(member.end);
    if (source[at] !== COMMA) break;
  }
  return members;
}

/** Where the elements of the array stand that is the JSON value from `from` to `end`, which was found to be good; none of another value. */
export function elementsOf(source: Buffer, from: number, end: number): { from: number; end: number }[] {
  const elements: { from: number; end: number }[] = [];
  if (source[from] !== OPEN_BRACKET) return elements;
  const scanner = new JsonScanner();
  scanner.reset(source, end);
  for (let at = scanner.skipSpace(from + 1); source[at] !== CLOSE_BRACKET; at = scanner.skipSpace(at + 1)) {
    const valueEnd = scanner.scanValue(at, 1);
    elements.push({ from: at, end: valueEnd });
    at = scanner.skipSpace(valueEnd);
    if (source[at] !== COMMA) break;
  }
  return elements;
}

/**
 * The value at a path such as `http.status` within an object: each dot may part a member from one within it, or belong to a
 * name. Any case of letters.
 * @returns null when there is none
 */
export function memberAt(source: Buffer, from: number, end: number, path: string): JsonMember | null {
  return memberAmong(source, membersOf(source, from, end), path);
}

/** The same among the members of an object that are at hand already. */
export function memberAmong(source: Buffer, members: readonly JsonMember[], path: string): JsonMember | null {
  const wanted = path.toLowerCase();
  for (const member of members) if (member.name.toLowerCase() === wanted) return member;
  for (const { name, from, end } of members) {
    if (!wanted.startsWith(`${name.toLowerCase()}.`)) continue;
    const found = memberAt(source, from, end, path.slice(name.length + 1));
    if (found) return found;
  }
  return null;
}
