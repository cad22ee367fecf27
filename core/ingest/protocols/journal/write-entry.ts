import type { EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import type { JournalField } from "./export-reader";
import { JOURNAL_NAMES, MOST_ATTRIBUTES_BYTES, MOST_VALUE_BYTES, SERVICE_FIELDS } from "./journal-names";

/** Of one field at a time, behind a brace. */
const json = new EntryText();
/** Names of fields that were left out, in the entry. */
const NAMED = 20;

/**
 * Writes the fields of an entry, which keep their names; where one stands twice it is an array.
 * @param fields in their order
 */
export function writeEntry(fields: readonly JournalField[], text: EntryText, sink: EntrySink): void {
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
  // A number of JSON has no zeros before it.
  if (/^[1-9]\d{0,19}$/.test(time)) text.name(JOURNAL_NAMES.timestamp).plain(time);
  if (isLevel) text.name(JOURNAL_NAMES.level).plain(priority);
  if (service) text.text(JOURNAL_NAMES.service, storable(service));
  if (message) text.text(JOURNAL_NAMES.message, storable(message));
  text.end(sink);
}

/** Every field that was not read, save those that only say where the entry stands in the journal, whose names begin with two underscores. */
function addAttributes(byName: ReadonlyMap<string, JournalField[]>, read: ReadonlySet<string>, text: EntryText): void {
  const leftOut: string[] = [];
  let free = MOST_ATTRIBUTES_BYTES;
  for (const [name, all] of byName) {
    const values = read.has(name) ? all.slice(1) : all;
    if (name.startsWith("__") || values.length === 0) continue;
    const written = jsonOf(values);
    const isWhole = values.every(({ value, bytes }) => value.length === bytes);
    if (!isWhole || written.length > Math.min(free, MOST_VALUE_BYTES)) {
      leftOut.push(name);
      continue;
    }
    free -= written.length + name.length + 4;
    text.namedBy(storable(Buffer.from(name))).value(written);
  }
  if (leftOut.length > 0) text.name(JOURNAL_NAMES.leftOut).value(Buffer.from(JSON.stringify(leftOut.slice(0, NAMED))));
}

/** Valid until the next call. */
function jsonOf(values: readonly JournalField[]): Buffer {
  const [only] = values;
  if (values.length === 1 && only) return json.begin().string(storable(only.value)).bytes.subarray(1);
  json.begin().openArray();
  for (const [index, { value }] of values.entries()) {
    if (index > 0) json.byte(0x2c);
    json.string(storable(value));
  }
  return json.closeArray().bytes.subarray(1);
}

/** PostgreSQL can't store NUL, which values of programs may have; it becomes the replacement character, as what is no UTF-8 does. */
const storable = (value: Buffer): Buffer =>
  value.includes(0) ? Buffer.from(value.toString().replaceAll("\0", "\u{fffd}")) : value;
