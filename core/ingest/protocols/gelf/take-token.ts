import { isUtf8 } from "node:buffer";
import { COMMA, OPEN_BRACE, SPACE } from "@/core/ascii";
import { invalid } from "@/core/errors";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";

const NAME = Buffer.from("_token");

/**
 * The key that a message brings in its field `_token`, and the message without it.
 * @throws Fault invalid for what is not one JSON object
 */
export function takeToken(message: Buffer): { key: string | null; message: Buffer } {
  if (!isUtf8(message)) throw invalid("a message is not valid UTF-8");
  const scanner = new JsonScanner();
  scanner.reset(message, message.length);
  const from = scanner.skipSpace(0);
  const end = scanner.scanValue(from, 0);
  if (end < 0) throw invalid(`a message is not JSON: ${scanner.reason} at byte ${scanner.reasonAt + 1}`);
  if (message[from] !== OPEN_BRACE || scanner.skipSpace(end) < message.length)
    throw invalid("a message must be a JSON object");
  if (!message.includes(NAME)) return { key: null, message };
  const members = new Places();
  scanner.scanMembers(from, members);
  const rest = Buffer.from(message);
  let key: string | null = null;
  for (let index = members.count - 1; index >= 0; index--) {
    if (!members.isNamed(message, index, NAME)) continue;
    key = members.textOf(message, index) || null;
    blank(rest, members, index, scanner);
  }
  return { key, message: rest };
}

/** Spaces stand where the member stood, and where the comma did behind it, or before it when it is the last. */
function blank(text: Buffer, members: Places, index: number, scanner: JsonScanner): void {
  const nameFrom = members.nameFrom[index] as number;
  const end = members.end[index] as number;
  text.fill(SPACE, nameFrom, end);
  scanner.reset(text, text.length);
  const behind = scanner.skipSpace(end);
  const comma = text[behind] === COMMA ? behind : text.lastIndexOf(COMMA, nameFrom);
  if (comma >= 0) text[comma] = SPACE;
}
