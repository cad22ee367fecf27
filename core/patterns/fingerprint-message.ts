import type { PatternShape } from "./find-aliases";
import { scanSample } from "./scan-sample";
import type { Tokens } from "./tokens";
import { hashBytes } from "./vocabulary";

/** Part of every fingerprint: goes up when a rule changes, which changes them all. */
export const RULES_VERSION = 1;

const encoder = new TextEncoder();

/**
 * The pattern of a message: a 64-bit hash of its words, with values masked (scan-message.ts), and of the top frames of a stack
 * trace, so that messages of a kind share it on every instance and after every restart.
 * @returns a signed 64-bit integer, as bigint columns hold it; never OTHER_PATTERN
 */
export function fingerprintMessage(sample: Uint8Array): bigint {
  return toPatternId(fingerprint(sample, { high: 0, low: 0 }));
}

/** A fingerprint's two halves, signed: ingest makes one a line, for which a bigint costs too much. */
export type Fingerprint = { high: number; low: number };

/** Both halves as the signed 64-bit number that the database has as `pattern`. */
export const toPatternId = ({ high, low }: Fingerprint): bigint => (BigInt(high) << 32n) | BigInt(low >>> 0);

/** Like fingerprintMessage. @returns `into` */
export function fingerprint(sample: Uint8Array, into: Fingerprint): Fingerprint {
  const { tokens, frames } = scanSample(sample);
  return hashOf(tokens, frames, into);
}

/** What findAliases compares: the same scan, with the spaces of the message kept. Null for stack traces, which have no aliases. */
export function shapeOf(sample: Uint8Array): PatternShape | null {
  const { tokens, frames } = scanSample(sample);
  if (frames.length > 0) return null;
  const words: number[][] = [];
  let end = -1;
  for (let at = 0; at < tokens.count; at++) {
    const start = tokens.starts[at] as number;
    const hash = tokens.hashes[at] as number;
    if (start > end || words.length === 0) words.push([hash]);
    else words.at(-1)?.push(hash);
    end = tokens.ends[at] as number;
  }
  return { id: toPatternId(hashOf(tokens, frames, { high: 0, low: 0 })), words };
}

/** Two 32-bit multiplicative lanes with the finaliser of MurmurHash3. */
function hashOf({ hashes, count }: Tokens, frames: readonly string[], into: Fingerprint): Fingerprint {
  let first = 0x9e3779b9 ^ RULES_VERSION;
  let second = 0x85ebca6b ^ count;
  const mix = (hash: number) => {
    first = Math.imul(first ^ hash, 0x01000193);
    first = (first << 15) | (first >>> 17);
    second = Math.imul(second ^ hash, 0x5bd1e995);
    second = (second << 13) | (second >>> 19);
  };
  for (let at = 0; at < count; at++) mix(hashes[at] as number);
  for (const frame of frames) {
    const bytes = encoder.encode(frame);
    mix(hashBytes(bytes, 0, bytes.length));
  }
  into.high = finalise(first ^ second) | 0;
  into.low = finalise(second) | 0;
  // OTHER_PATTERN is taken.
  if (into.high === 0 && into.low === 0) into.low = 1;
  return into;
}

function finalise(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
