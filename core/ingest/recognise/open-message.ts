import { OPEN_BRACE, SPACE } from "@/core/ascii";
import type { EntryReader } from "@/core/ingest/decode/entry-reader";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { takeFields } from "./take-fields";
import { withoutMembers } from "./without-members";

/** What wraps lines wraps them once or twice: Docker within Kubernetes within a shipper. */
const MOST_LAYERS = 4;

/**
 * Opens a message that is itself a JSON object as text, as Docker, Kubernetes and shippers wrap what a program printed:
 * its members are read as those of any line.
 */
export function openMessage(reader: EntryReader, { fields, ignored }: IngestParameters): void {
  const { message } = reader.members;
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    if (!mayBeWrapped(reader)) return;
    const inner = Buffer.from(reader.text(message).trim());
    if (!isObject(inner)) return;
    reader.readWrapped(ignored ? withoutMembers(inner, 0, inner.length, ignored) : inner);
    if (fields) takeFields(reader, fields);
  }
}

/** By its first byte, because this runs for every message with an escape: a JSON object as text has at least its quotes escaped. */
export function mayBeWrapped({ members: { message }, source }: EntryReader): boolean {
  if (message.from < 0 || !message.escaped || message.known?.isTemplate) return false;
  let at = message.from + 1;
  while (source[at] === SPACE) at++;
  return source[at] === OPEN_BRACE;
}

const scanner = new JsonScanner();

/** Whether it is an object with members that can be stored; else it stays the text that it is. */
function isObject(text: Buffer): boolean {
  scanner.reset(text, text.length);
  const isJson = scanner.scanValue(0, 0) === text.length && scanner.unstorable === "";
  return isJson && scanner.skipSpace(1) < text.length - 1;
}
