import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import { ExportReader, type JournalField } from "./export-reader";

const NAMES = {
  timestamp: memberName("timestamp"),
  level: memberName("level"),
  message: memberName("message"),
  service: memberName("service"),
  leftOut: memberName("journal_fields_left_out"),
};
/** The fields that say what an entry is of, the first wins (systemd.journal-fields(7); Docker's journald driver has the first). */
const SERVICE_FIELDS = ["CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM"];
/** Of the values that become attributes, as JSON: they get three quarters of what attributes may have, one of them a quarter. */
const ATTRIBUTES_BYTES = (LIMITS.attributesBytes / 4) * 3;
const ATTRIBUTE_BYTES = LIMITS.attributesBytes / 4;
/** Of one field at a time, behind a brace. */
const json = new EntryText();
/** Names of fields that were left out, in the entry. */
const NAMED = 20;

/** Entries of systemd's journal, as systemd-journal-upload sends them. Fields keep their names; where one stands twice it is an array. */
export function journalExport(sink: EntrySink): Decoder {
  const text = new EntryText();
  const reader = new ExportReader((fields) => writeEntry(fields, text, sink));
  return {
    push: (chunk) => reader.push(chunk),
    finish() {
      if (!reader.finish()) sink.rejected("the entry breaks off before its end");
    },
  };
}

function writeEntry(fields: readonly JournalField[], text: EntryText, sink: EntrySink): void {
  const byName = new Map<string, JournalField[]>();
  for (const field of fields) {
    const others = byName.get(field.name);
    if (others) others.push(field);
    else byName.set(field.name, [field]);
  }
  const firstOf = (name: string) => byName.get(name)?.[0]?.value;
  const priority = firstOf("PRIORITY")?.toString("latin1") ?? "";
  const isLevel = /^[0-7]$/.test(priority);
  const message = firstOf("MESSAGE");
  const service = SERVICE_FIELDS.map(firstOf).find((value) => value?.toString().trim());

  text.begin();
  const read = new Set(["MESSAGE", ...(isLevel ? ["PRIORITY"] : [])]);
  addAttributes(byName, read, text);
  const time = firstOf("__REALTIME_TIMESTAMP")?.toString("latin1") ?? "";
  if (/^\d{1,20}$/.test(time)) text.name(NAMES.timestamp).plain(time);
  if (isLevel) text.name(NAMES.level).plain(priority);
  if (service) text.text(NAMES.service, storable(service));
  if (message) text.text(NAMES.message, storable(message));
  text.end(sink);
}

/** Every field that was not read, save those that only say where the entry stands in the journal, whose names begin with two underscores. */
function addAttributes(byName: ReadonlyMap<string, JournalField[]>, read: ReadonlySet<string>, text: EntryText): void {
  const leftOut: string[] = [];
  let free = ATTRIBUTES_BYTES;
  for (const [name, all] of byName) {
    const values = read.has(name) ? all.slice(1) : all;
    if (name.startsWith("__") || values.length === 0) continue;
    const written = jsonOf(values);
    const isWhole = values.every(({ value, bytes }) => value.length === bytes);
    if (!isWhole || written.length > Math.min(free, ATTRIBUTE_BYTES)) {
      leftOut.push(name);
      continue;
    }
    free -= written.length + name.length + 4;
    text.namedBy(storable(Buffer.from(name))).value(written);
  }
  if (leftOut.length > 0) text.name(NAMES.leftOut).value(Buffer.from(JSON.stringify(leftOut.slice(0, NAMED))));
}

/** Valid until the next call. */
function jsonOf(values: readonly JournalField[]): Buffer {
  const [only] = values;
  if (values.length === 1 && only) return json.begin().string(storable(only.value)).bytes.subarray(1);
  json.begin().byte(0x5b);
  for (const [index, { value }] of values.entries()) {
    if (index > 0) json.byte(0x2c);
    json.string(storable(value));
  }
  return json.byte(0x5d).bytes.subarray(1);
}

/** PostgreSQL can't store NUL, which values of programs may have; it becomes the replacement character, as what is no UTF-8 does. */
const storable = (value: Buffer): Buffer =>
  value.includes(0) ? Buffer.from(value.toString().replaceAll("\0", "\u{fffd}")) : value;
