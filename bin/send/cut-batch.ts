import { NEWLINE } from "@/core/ascii";
import { readLinePrefix } from "@/core/ingest/recognise/line-prefix";
import { LIMITS } from "@/core/limits";

/** Of a request, before compression: several lines of the greatest length that an entry may have. */
export const BATCH_BYTES = 2 * 1024 * 1024;

/** Of a line what says whether an entry begins with it. */
const HEAD_BYTES = 500;

/** How a JSON document begins that holds many entries: no line of it is one. */
const DOCUMENT = /^\ufeff?\s*(?:\[\s*\{|\{\s*"logs"\s*:\s*\[)/;

export const isDocument = (beginning: Buffer): boolean => DOCUMENT.test(beginning.toString("utf8", 0, HEAD_BYTES));

/**
 * How many bytes of what was read make the next request.
 * @param isEnd nothing stands behind it, now
 * @param isOver nothing will ever stand behind it: what has no line feed yet is a line
 */
export function cutBatch(bytes: Buffer, isEnd: boolean, isOver: boolean): number {
  if (isEnd && isOver) return bytes.length;
  const complete = bytes.lastIndexOf(NEWLINE) + 1;
  if (isEnd) return complete;
  // A line that is too long to be an entry goes on in pieces, which the server refuses one by one.
  if (complete === 0) return bytes.length;
  return beforeLastEntry(bytes, complete);
}

/** A stack trace stays with the entry that it belongs to: the last place, before `end`, where an entry clearly begins. */
function beforeLastEntry(bytes: Buffer, end: number): number {
  const nowMs = Date.now();
  for (let at = end; at > 0 && end - at < LIMITS.messageBytes; ) {
    const start = at < 2 ? 0 : bytes.lastIndexOf(NEWLINE, at - 2) + 1;
    const head = bytes.toString("utf8", start, Math.min(at, start + HEAD_BYTES));
    if (start > 0 && (head.startsWith("{") || readLinePrefix(head, nowMs).isStart)) return start;
    at = start;
  }
  return end;
}
