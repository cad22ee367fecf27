import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { Rejected } from "@/core/ingest/rejected";
import { MSGPACK, MsgpackReader } from "./msgpack-reader";
import { floatOf, integerText, writeJson, writeMembers } from "./msgpack-to-json";

const TIMESTAMP = memberName("timestamp");
const TAG = memberName("fluent_tag");
const METADATA = memberName("fluent_metadata");
/** Fluentd's extension for times: seconds and nanoseconds, of 32 bits each (forward protocol, "EventTime Ext Format"). */
const EVENT_TIME = 0;
const EVENT_TIME_BYTES = 1 + 8;
const NANOSECOND_DIGITS = 9;

const reader = new MsgpackReader();

/**
 * Writes one event as an entry; what it can't write is told as rejected.
 * @param at of its time, which the record follows; both are whole
 */
export function writeEvent(bytes: Buffer, at: number, tag: string, text: EntryText, sink: EntrySink): void {
  try {
    text.begin();
    const recordAt = writeTime(bytes, at, text);
    reader.read(bytes, recordAt);
    if (reader.kind !== MSGPACK.map) throw new Rejected("a record must be a map");
    writeMembers(bytes, reader.from, reader.children / 2, text);
    if (tag !== "") text.text(TAG, tag);
    text.end(sink);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    sink.rejected(error.message);
  }
}

/** A time, or a list of it and metadata, as Fluent Bit has it from version 2 on. @returns where it ends */
function writeTime(bytes: Buffer, at: number, text: EntryText): number {
  reader.read(bytes, at);
  const { kind, from, size, children } = reader;
  if (kind === MSGPACK.array && children === 2) {
    const metadataAt = writeTime(bytes, from, text);
    reader.read(bytes, metadataAt);
    if (reader.kind === MSGPACK.map && reader.children === 0) return reader.from;
    text.name(METADATA);
    return writeJson(bytes, metadataAt, text);
  }
  if (kind === MSGPACK.nil) return from + size;
  if (kind === MSGPACK.extension && size === EVENT_TIME_BYTES && bytes[from] === EVENT_TIME) {
    const seconds = bytes.readUInt32BE(from + 1);
    const nanoseconds = String(bytes.readUInt32BE(from + 5));
    // A number of JSON has no zeros before it.
    text.name(TIMESTAMP).plain(seconds > 0 ? `${seconds}${nanoseconds.padStart(NANOSECOND_DIGITS, "0")}` : nanoseconds);
    return from + size;
  }
  if (kind === MSGPACK.integer) text.name(TIMESTAMP).plain(integerText(bytes, from, size));
  else if (kind === MSGPACK.float && Number.isFinite(floatOf(bytes, from)))
    text.name(TIMESTAMP).plain(String(floatOf(bytes, from)));
  else {
    text.name(TIMESTAMP);
    return writeJson(bytes, at, text);
  }
  return from + size;
}
