import { isUtf8 } from "node:buffer";

/** A character of UTF-8 has four bytes at the most: three of one that was cut off may stand at the end. */
const MOST_CUT = 3;
const NUL = "\0";
const REPLACEMENT = "\uFFFD";

/**
 * A text of a protocol that does not say in which encoding it is: UTF-8, or Latin-1 when it can't be that. A character that was
 * cut off at the end is left out, because devices cut long messages at a byte. NUL, which PostgreSQL has no text for, becomes the
 * replacement character, for nobody could be told that the message was refused.
 */
export function wireText(bytes: Buffer): string {
  const text = decoded(bytes);
  return text.includes(NUL) ? text.replaceAll(NUL, REPLACEMENT) : text;
}

function decoded(bytes: Buffer): string {
  for (let cut = 0; cut <= Math.min(MOST_CUT, bytes.length); cut++) {
    const whole = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(whole)) return whole.toString("utf8");
  }
  return bytes.toString("latin1");
}
