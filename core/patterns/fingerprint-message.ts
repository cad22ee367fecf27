import { cutUtf8 } from "@/core/ingest/cut-utf8";
import { LIMITS } from "@/core/limits";

/** Stands for all messages above the limit of distinct patterns. */
export const OTHER_PATTERN = 0n;

/** What tells a message apart: its first LIMITS.patternSampleBytes bytes, ending on a whole character. */
export function patternSample(message: Uint8Array): Uint8Array {
  return message.subarray(0, cutUtf8(message, LIMITS.patternSampleBytes));
}

/**
 * The pattern of a message: a 64-bit hash of its sample, so that equal messages share it on every instance and after
 * every restart. Two 32-bit multiplicative lanes with the finaliser of MurmurHash3; not meant to withstand somebody
 * who makes collisions, who would only merge two of his own messages.
 * @returns a signed 64-bit integer, as bigint columns hold it; never OTHER_PATTERN
 */
export function fingerprintMessage(sample: Uint8Array): bigint {
  let first = 0x9e3779b9 ^ sample.length;
  let second = 0x85ebca6b ^ sample.length;
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] as number;
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second ^ byte, 0x5bd1e995);
    second = (second << 13) | (second >>> 19);
  }
  const hash = BigInt.asIntN(64, (BigInt(finalise(first ^ second) >>> 0) << 32n) | BigInt(finalise(second) >>> 0));
  return hash === OTHER_PATTERN ? 1n : hash;
}

function finalise(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
