import { CLOSE_BRACKET, HYPHEN, OPEN_BRACKET, SPACE } from "@/core/ascii";
import { PlainRfc5424 } from "./plain-rfc5424";
import { mayHaveKey } from "./take-key";

/** Without escapes, and nothing else in it. */
const ELEMENT = /^\[cordwood(?:@\d+)? token="([!#-[^-~]{1,255})"\]$/;
const MOST_BYTES = 300;

const plain = new PlainRfc5424();

/**
 * The key that a message brings in the first element of its structured data, and the message without that element, at a fraction of
 * what takeKey costs: nearly all messages with a key are so.
 * @returns null for any other message, and for one in which a further key could be
 */
export function takePlainKey(message: Buffer): { key: string; message: Buffer } | null {
  const from = plain.dataOf(message);
  if (from < 0 || message[from] !== OPEN_BRACKET) return null;
  const end = message.indexOf(CLOSE_BRACKET, from) + 1;
  if (end === 0 || end - from > MOST_BYTES) return null;
  const [, key] = ELEMENT.exec(message.toString("latin1", from, end)) ?? [];
  const rest = message.subarray(end);
  if (key === undefined || mayHaveKey(rest)) return null;
  // Of a message without structured data a hyphen says so.
  const hasMore = rest[0] === OPEN_BRACKET;
  if (!hasMore && rest.length > 0 && rest[0] !== SPACE) return null;
  const taken = Buffer.allocUnsafe(from + rest.length + (hasMore ? 0 : 1));
  message.copy(taken, 0, 0, from);
  if (!hasMore) taken[from] = HYPHEN;
  rest.copy(taken, taken.length - rest.length);
  return { key, message: taken };
}
