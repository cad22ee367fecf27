import { snappyUncompress } from "hysnappy";
import { invalid, tooLarge } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { bigintOf, bytesOf, readFields } from "@/core/ingest/protocols/protobuf";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { LIMITS } from "@/core/limits";
import { labelMembers, parseLabels } from "./labels";

const TIMESTAMP = memberName("timestamp");
const MESSAGE = memberName("message");
const NANOS_OF_SECOND = 1_000_000_000n;

/** A PushRequest in protocol buffers, compressed by Snappy's block format (Grafana Loki, pkg/push/push.proto). */
export const lokiProtobuf = (sink: EntrySink): Decoder =>
  new WholeBody((body) => {
    readFields(uncompress(body), (field) => {
      if (field.number !== 1) return false;
      readStream(bytesOf(field), sink);
      return true;
    });
  });

/** @throws Fault invalid, too_large by what the compressed bytes announce, before anything is made of them */
function uncompress(body: Buffer): Uint8Array {
  if (body.length === 0) return body;
  const bytes = announcedBytes(body);
  if (bytes > LIMITS.bodyBytes) throw tooLarge(`the body is larger than ${LIMITS.bodyBytes} bytes; send it in parts`);
  try {
    return snappyUncompress(body, bytes);
  } catch {
    throw invalid("the body is not compressed by Snappy, as protocol buffers of Loki are");
  }
}

/** A varint at the beginning (Snappy, "Snappy compressed format description"). */
function announcedBytes(body: Buffer): number {
  let bytes = 0;
  for (let at = 0; at < 5; at++) {
    const byte = body[at] ?? 0;
    bytes += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return bytes;
}

function readStream(message: Buffer, sink: EntrySink): void {
  let shared: Buffer = Buffer.alloc(0);
  const entries: Buffer[] = [];
  readFields(message, (field) => {
    if (field.number === 1) shared = labelMembers(parseLabels(bytesOf(field).toString()));
    else if (field.number === 2) entries.push(bytesOf(field));
    else return false;
    return true;
  });
  const text = new EntryText();
  for (const entry of entries) readEntry(entry, shared, text, sink);
}

function readEntry(message: Buffer, shared: Buffer, text: EntryText, sink: EntrySink): void {
  let nanos = 0n;
  let line: Buffer = Buffer.alloc(0);
  text.begin().members(shared);
  readFields(message, (field) => {
    if (field.number === 1) nanos = nanosOf(bytesOf(field));
    else if (field.number === 2) line = bytesOf(field);
    else if (field.number === 3) addLabel(bytesOf(field), text);
    else return false;
    return true;
  });
  text.name(TIMESTAMP).plain(String(nanos)).text(MESSAGE, line).end(sink);
}

/** Of google.protobuf.Timestamp: seconds, nanos. */
function nanosOf(message: Buffer): bigint {
  let nanos = 0n;
  readFields(message, (field) => {
    if (field.number === 1) nanos += bigintOf(field) * NANOS_OF_SECOND;
    else if (field.number === 2) nanos += bigintOf(field);
    else return false;
    return true;
  });
  return nanos;
}

function addLabel(message: Buffer, text: EntryText): void {
  let name = "";
  let value: Buffer = Buffer.alloc(0);
  readFields(message, (field) => {
    if (field.number === 1) name = bytesOf(field).toString();
    else if (field.number === 2) value = bytesOf(field);
    else return false;
    return true;
  });
  text.namedBy(name).string(value);
}
