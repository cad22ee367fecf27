import { EQUALS, NEWLINE, SPACE, UNDERSCORE, ZERO } from "@/core/ascii";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import type { EntryText } from "@/core/ingest/protocols/entry-text";
import { JOURNAL_NAMES, MOST_VALUE_BYTES, SERVICE_FIELDS } from "./journal-names";

const NAME_BYTES = 64;
const MOST_FIELDS = 64;
/** An escaped byte takes six at the most. */
const MOST_ESCAPED = 6;
const TIME_DIGITS = 20;

/** Tells most names apart by one number. */
const addToHash = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

type FieldName = { bytes: Buffer; hash: number };
const nameOf = (text: string): FieldName => {
  const bytes = Buffer.from(text);
  return { bytes, hash: bytes.reduce(addToHash, 0) };
};
const PRIORITY = nameOf("PRIORITY");
const MESSAGE = nameOf("MESSAGE");
const TIME = nameOf("__REALTIME_TIMESTAMP");
const SERVICES = SERVICE_FIELDS.map(nameOf);

/**
 * Writes an entry straight from its bytes when it is as nearly all are: whole, of texts that are not long, no field twice. It reads such an
 * entry as ExportReader and writeEntry do (a property test compares them), at a fraction of the cost. One serves for all entries.
 */
export class PlainEntry {
  /** Of each field: its name's beginning and end, its value's end. */
  private readonly fields: number[] = [];
  /** Of each name. */
  private readonly hashes: number[] = [];
  private valueBytes = 0;

  /**
   * @param from of the entry, in which no byte is NUL
   * @returns where the next one begins; -1 for any other entry, of which nothing is written
   */
  write(chunk: Buffer, from: number, text: EntryText, sink: EntrySink): number {
    const end = this.readFields(chunk, from);
    if (end < 0 || this.valueBytes * MOST_ESCAPED > MOST_VALUE_BYTES) return -1;
    if (this.fields.length === 0) return end;
    const priority = this.find(chunk, PRIORITY);
    const level = priority >= 0 && this.isLevel(chunk, priority) ? priority : -1;
    const message = this.find(chunk, MESSAGE);
    const service = this.findService(chunk);
    if (service === null) return -1;
    text.begin();
    for (let field = 0; field < this.fields.length; field += 3) {
      const nameFrom = this.fields[field] as number;
      const isPlace = chunk[nameFrom] === UNDERSCORE && chunk[nameFrom + 1] === UNDERSCORE;
      if (isPlace || field === level || field === message) continue;
      text.namedByBytes(chunk, nameFrom, this.fields[field + 1] as number);
      this.writeValue(chunk, field, text);
    }
    this.writeTime(chunk, text);
    if (level >= 0) text.name(JOURNAL_NAMES.level).value(chunk, this.valueFrom(level), this.fields[level + 2]);
    if (service >= 0) this.writeValue(chunk, service, text.name(JOURNAL_NAMES.service));
    if (message >= 0) this.writeValue(chunk, message, text.name(JOURNAL_NAMES.message));
    text.end(sink);
    return end;
  }

  /** @returns where the entry ends, behind its blank line; -1 when it is no plain one */
  private readFields(chunk: Buffer, from: number): number {
    const { fields, hashes } = this;
    fields.length = 0;
    hashes.length = 0;
    this.valueBytes = 0;
    let at = from;
    while (chunk[at] !== NEWLINE) {
      const nameFrom = at;
      let hash = 0;
      for (let byte = chunk[at]; isNameByte(byte); byte = chunk[at]) {
        hash = addToHash(hash, byte);
        at++;
      }
      if (chunk[at] !== EQUALS || at === nameFrom || at - nameFrom > NAME_BYTES) return -1;
      if (fields.length >= MOST_FIELDS * 3 || this.findNamed(hash, chunk, chunk, nameFrom, at) >= 0) return -1;
      const end = chunk.indexOf(NEWLINE, at + 1);
      if (end < 0) return -1;
      fields.push(nameFrom, at, end);
      hashes.push(hash);
      this.valueBytes += end - nameFrom;
      at = end + 1;
      if (at >= chunk.length) return -1;
    }
    return at + 1;
  }

  private find(chunk: Buffer, { bytes, hash }: FieldName): number {
    return this.findNamed(hash, chunk, bytes, 0, bytes.length);
  }

  /** @param from of the name in `source` @returns the place of its field in the chunk; -1 for none */
  private findNamed(hash: number, chunk: Buffer, source: Buffer, from: number, end: number): number {
    const { fields, hashes } = this;
    for (let index = 0; index < hashes.length; index++) {
      if (hashes[index] !== hash) continue;
      const field = index * 3;
      if (isSame(chunk, fields[field] as number, fields[field + 1] as number, source, from, end)) return field;
    }
    return -1;
  }

  private valueFrom(field: number): number {
    return (this.fields[field + 1] as number) + 1;
  }

  private writeValue(chunk: Buffer, field: number, text: EntryText): void {
    text.stringOf(chunk, this.valueFrom(field), this.fields[field + 2] as number);
  }

  private isLevel(chunk: Buffer, field: number): boolean {
    const from = this.valueFrom(field);
    const digit = chunk[from] as number;
    return (this.fields[field + 2] as number) - from === 1 && digit >= 0x30 && digit <= 0x37;
  }

  /** @returns -1 for none; null when one may be blank */
  private findService(chunk: Buffer): number | null {
    for (const name of SERVICES) {
      const field = this.find(chunk, name);
      if (field < 0) continue;
      const first = chunk[this.valueFrom(field)] as number;
      return first > SPACE && first < 0x7f ? field : null;
    }
    return -1;
  }

  private writeTime(chunk: Buffer, text: EntryText): void {
    const field = this.find(chunk, TIME);
    if (field < 0) return;
    const from = this.valueFrom(field);
    const end = this.fields[field + 2] as number;
    if (end === from || end - from > TIME_DIGITS || chunk[from] === ZERO) return;
    for (let at = from; at < end; at++) if ((chunk[at] as number) < 0x30 || (chunk[at] as number) > 0x39) return;
    text.name(JOURNAL_NAMES.timestamp).value(chunk, from, end);
  }
}

/** Of what journald takes for names. */
const isNameByte = (byte: number | undefined): byte is number =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === UNDERSCORE);

function isSame(one: Buffer, from: number, end: number, other: Buffer, otherFrom: number, otherEnd: number): boolean {
  if (end - from !== otherEnd - otherFrom) return false;
  for (let at = 0; at < end - from; at++) if (one[from + at] !== other[otherFrom + at]) return false;
  return true;
}
