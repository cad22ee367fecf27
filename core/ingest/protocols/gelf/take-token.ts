import { isUtf8 } from "node:buffer";
import { invalid } from "@/core/errors";
import { type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { textOf } from "@/core/ingest/protocols/rewritten";

const NAME = "_token";
const OPEN = 0x7b;
const COMMA = 0x2c;
const SPACE = 0x20;

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
  if (message[from] !== OPEN || scanner.skipSpace(end) < message.length)
    throw invalid("a message must be a JSON object");
  if (!message.includes(NAME)) return { key: null, message };
  const tokens = membersOf(message, from, end).filter(({ name }) => name === NAME);
  const rest = Buffer.from(message);
  for (const token of tokens) blank(rest, token, scanner);
  return { key: textOf(message, tokens[0]) || null, message: rest };
}

/** Spaces stand where the member stood, and where the comma did behind it, or before it when it is the last. */
function blank(text: Buffer, { nameFrom, end }: JsonMember, scanner: JsonScanner): void {
  text.fill(SPACE, nameFrom, end);
  scanner.reset(text, text.length);
  const behind = scanner.skipSpace(end);
  const comma = text[behind] === COMMA ? behind : text.lastIndexOf(COMMA, nameFrom);
  if (comma >= 0) text[comma] = SPACE;
}
