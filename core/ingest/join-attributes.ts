import { CLOSE_BRACE, COMMA, OPEN_BRACE } from "@/core/ascii";
import { JsonScanner } from "./decode/json-scanner";
import { Places } from "./decode/places";

const FIRST_BYTES = 4096;
/** Bytes up to which copying one by one costs less than a call. */
const SMALL_COPY = 100;

const scanner = new JsonScanner();
const inside = new Places();
const hashes: number[] = [];

/** Written anew by each call. `bytes` is longer than what it holds. */
const joined = { bytes: Buffer.allocUnsafeSlow(FIRST_BYTES), length: 0 };

/**
 * Joins an attributes object with other members of its entry, as they stand, into one object: nearly every line that has any goes this
 * way, so it makes nothing but copies.
 * @param from of the object, -1 for none
 * @param others `"name": value` as it stands, pairs of from and end
 * @param areOfSeveral they come from several objects, so that two may have one name
 * @returns the text, valid until the next call; null when two members may have one name
 */
export function joinAttributes(
  source: Buffer,
  from: number,
  end: number,
  others: readonly number[],
  areOfSeveral: boolean,
): typeof joined | null {
  let size = 2;
  if (areOfSeveral && mayClash(source, from, end, others)) return null;
  if (from >= 0) size += end - from;
  for (let at = 0; at < others.length; at += 2) size += 1 + (others[at + 1] as number) - (others[at] as number);
  if (joined.bytes.length < size) joined.bytes = Buffer.allocUnsafeSlow(size * 2);
  const { bytes } = joined;
  let length = 0;
  bytes[length++] = OPEN_BRACE;
  if (from >= 0 && hasMembers(source, from, end)) length = copy(source, from + 1, end - 1, bytes, length);
  for (let at = 0; at < others.length; ) {
    const runFrom = others[at] as number;
    let runEnd = others[at + 1] as number;
    // Those with nothing but a comma between them are copied in one go.
    for (at += 2; others[at] === runEnd + 1 && source[runEnd] === COMMA; at += 2) runEnd = others[at + 1] as number;
    if (length > 1) bytes[length++] = COMMA;
    length = copy(source, runFrom, runEnd, bytes, length);
  }
  bytes[length++] = CLOSE_BRACE;
  joined.length = length;
  return joined;
}

function hasMembers(source: Buffer, from: number, end: number): boolean {
  scanner.reset(source, end);
  return source[scanner.skipSpace(from + 1)] !== CLOSE_BRACE;
}

/** @returns where the copy ends */
function copy(source: Buffer, from: number, end: number, target: Buffer, at: number): number {
  if (end - from > SMALL_COPY) return at + source.copy(target, at, from, end);
  let length = at;
  for (let index = from; index < end; index++) target[length++] = source[index] as number;
  return length;
}

/** Whether a member may have the name of another one: by hashes, so it says so too often, but never too seldom. */
function mayClash(source: Buffer, from: number, end: number, others: readonly number[]): boolean {
  hashes.length = 0;
  inside.clear();
  if (from >= 0) {
    scanner.reset(source, end);
    scanner.scanMembers(from, inside);
  }
  for (let index = 0; index < inside.count; index++) {
    if (inside.isNameEscaped[index]) return true;
    hashes.push(hashOf(source, (inside.nameFrom[index] as number) + 1, inside.nameEnd[index] as number));
  }
  for (let at = 0; at < others.length; at += 2) {
    const nameFrom = others[at] as number;
    scanner.reset(source, others[at + 1] as number);
    scanner.scanMemberKey(nameFrom);
    if (scanner.escaped) return true;
    const hash = hashOf(source, nameFrom + 1, scanner.nameEnd);
    if (hashes.includes(hash)) return true;
    hashes.push(hash);
  }
  return false;
}

function hashOf(source: Buffer, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) hash = (Math.imul(hash, 31) + (source[at] as number)) | 0;
  return hash;
}
