import { isUtf8 } from "node:buffer";
import {
  AT,
  BACKSLASH,
  CLOSE_BRACKET,
  EQUALS,
  GREATER,
  HYPHEN,
  isDigit,
  LESS,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from "@/core/ascii";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import type { EntryText, MemberName } from "@/core/ingest/protocols/entry-text";
import { facilityOf, HIGHEST_PRIORITY, severityOf } from "./priority";
import { SYSLOG_NAMES } from "./syslog-names";

const BYTE_ORDER_MARK = 0xef;
const MARK_BYTES = 3;
/** Names of structured data: RFC 5424, 6.3.1 has 32, which not every sender keeps to. */
const NAME_BYTES = 256;
/** Parameters of an element, which are compared with one another. */
const MOST_PARAMETERS = 32;

const PRIORITIES = Array.from({ length: HIGHEST_PRIORITY + 1 }, (_, priority) => ({
  severity: Buffer.from(severityOf(priority)),
  facility: Buffer.from(facilityOf(priority)),
}));

/**
 * Writes a message of RFC 5424 straight from its bytes when it is as nearly all are: ASCII without escapes before the message itself, single
 * spaces, no parameter twice. It reads such a message as readSyslog does (a property test compares them), at a fraction of the cost. One
 * serves for all messages.
 */
export class PlainRfc5424 {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private end = 0;
  /** Pairs of from and end: time, host, application, process, message id. */
  private readonly fields: number[] = [];
  private readonly names: number[] = [];
  /** Every element has the `@` of a name that isn't registered, so none is called as what stands beside the data. */
  private areDistinct = true;

  /**
   * @param bytes of a message that brings no key, without its frame
   * @param address of the sender, for messages that name no host
   * @returns false for any other message, of which nothing is written
   */
  write(bytes: Buffer, address: string, text: EntryText, sink: EntrySink): boolean {
    this.begin(bytes);
    const priority = this.readPriority();
    if (priority < 0 || !this.readFields()) return false;
    if (!isText(bytes, this.end)) return false;
    const { severity, facility } = PRIORITIES[priority] as (typeof PRIORITIES)[number];
    text.begin();
    this.writeField(SYSLOG_NAMES.timestamp, 0, text);
    text.text(SYSLOG_NAMES.level, severity).text(SYSLOG_NAMES.severity, severity).text(SYSLOG_NAMES.facility, facility);
    if (!this.writeField(SYSLOG_NAMES.host, 1, text)) text.text(SYSLOG_NAMES.host, address);
    if (!this.writeField(SYSLOG_NAMES.app, 2, text)) {
      text.name(SYSLOG_NAMES.app);
      if (this.isNil(1)) text.string(address);
      else text.stringOf(bytes, this.fields[2] as number, this.fields[3] as number);
    }
    this.writeField(SYSLOG_NAMES.procid, 3, text);
    this.writeField(SYSLOG_NAMES.msgid, 4, text);
    if (!this.writeData(text)) return false;
    if (!this.isPlainMessage()) return false;
    if (this.at < this.end) text.name(SYSLOG_NAMES.message).stringOf(bytes, this.at, this.end);
    text.end(sink, undefined, this.areDistinct);
    return true;
  }

  /** @returns where the structured data of a message begins whose header is as nearly all are; -1 for any other message */
  dataOf(bytes: Buffer): number {
    this.begin(bytes);
    return this.readPriority() >= 0 && this.readFields() ? this.at : -1;
  }

  private begin(bytes: Buffer): void {
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
    this.areDistinct = true;
    while (this.end > 0 && isEnd(bytes[this.end - 1] as number)) this.end--;
  }

  private readPriority(): number {
    const { bytes } = this;
    if (bytes[0] !== LESS) return -1;
    let priority = 0;
    let at = 1;
    for (; isDigit(bytes[at]) && at < 4; at++) priority = priority * 10 + (bytes[at] as number) - 0x30;
    if (bytes[at] !== GREATER || at === 1 || priority > HIGHEST_PRIORITY) return -1;
    const version = ++at;
    while (isDigit(bytes[at]) && at < version + 3) at++;
    if (bytes[at] !== SPACE || at === version) return -1;
    this.at = at + 1;
    return priority;
  }

  /** The five fields of the header, each with a space behind it. */
  private readFields(): boolean {
    const { bytes, fields, end } = this;
    fields.length = 0;
    for (let field = 0; field < 5; field++) {
      const from = this.at;
      let at = from;
      while (at < end && isWord(bytes[at] as number)) at++;
      if (at === from || bytes[at] !== SPACE || at >= end) return false;
      fields.push(from, at);
      this.at = at + 1;
    }
    return this.isNil(0) || this.isDate(fields[0] as number, fields[1] as number);
  }

  private isDate(from: number, end: number): boolean {
    const { bytes } = this;
    if (end - from < 12 || bytes[from + 4] !== HYPHEN || bytes[from + 7] !== HYPHEN) return false;
    if (((bytes[from + 10] as number) | 0x20) !== 0x74) return false;
    for (const digit of DATE_DIGITS) if (!isDigit(bytes[from + digit])) return false;
    return true;
  }

  private isNil(field: number): boolean {
    const from = this.fields[field * 2] as number;
    return (this.fields[field * 2 + 1] as number) - from === 1 && this.bytes[from] === HYPHEN;
  }

  /** @returns whether there is one */
  private writeField(name: MemberName, field: number, text: EntryText): boolean {
    if (this.isNil(field)) return false;
    text.name(name).stringOf(this.bytes, this.fields[field * 2] as number, this.fields[field * 2 + 1] as number);
    return true;
  }

  /** @returns false for what is no structured data, or has anything unusual */
  private writeData(text: EntryText): boolean {
    const { bytes } = this;
    if (bytes[this.at] === HYPHEN) {
      this.at++;
      return this.endData();
    }
    if (bytes[this.at] !== OPEN_BRACKET) return false;
    text.name(SYSLOG_NAMES.attributes).open();
    while (this.at < this.end && bytes[this.at] === OPEN_BRACKET) if (!this.writeElement(text)) return false;
    text.close();
    return this.endData();
  }

  /** A space and the message, or nothing. */
  private endData(): boolean {
    if (this.at < this.end && this.bytes[this.at] !== SPACE) return false;
    this.at = Math.min(this.at + 1, this.end);
    return true;
  }

  private writeElement(text: EntryText): boolean {
    const { bytes, names } = this;
    const from = this.at + 1;
    const idEnd = this.nameEnd(from);
    if (idEnd < 0) return false;
    text.namedByBytes(bytes, from, idEnd).open();
    if (!hasAt(bytes, from, idEnd)) this.areDistinct = false;
    names.length = 0;
    let at = idEnd;
    while (bytes[at] === SPACE) {
      const nameFrom = at + 1;
      const nameEnd = this.nameEnd(nameFrom);
      if (nameEnd < 0 || bytes[nameEnd] !== EQUALS || bytes[nameEnd + 1] !== QUOTE) return false;
      if (this.isKnown(nameFrom, nameEnd)) return false;
      const valueFrom = nameEnd + 2;
      at = valueFrom;
      while (at < this.end && isPlainValue(bytes[at] as number)) at++;
      if (at >= this.end || bytes[at] !== QUOTE) return false;
      text.namedByBytes(bytes, nameFrom, nameEnd).stringOf(bytes, valueFrom, at);
      at++;
    }
    if (at >= this.end || bytes[at] !== CLOSE_BRACKET) return false;
    text.close();
    this.at = at + 1;
    return true;
  }

  private nameEnd(from: number): number {
    const { bytes, end } = this;
    let at = from;
    while (at < end && isWord(bytes[at] as number) && isName(bytes[at] as number)) at++;
    return at === from || at - from > NAME_BYTES || at >= end ? -1 : at;
  }

  /** Whether the element has had a parameter of that name, or too many to tell. */
  private isKnown(from: number, end: number): boolean {
    const { bytes, names } = this;
    for (let index = 0; index < names.length; index += 2) {
      const other = names[index] as number;
      if ((names[index + 1] as number) - other !== end - from) continue;
      let at = 0;
      while (at < end - from && bytes[other + at] === bytes[from + at]) at++;
      if (at === end - from) return true;
    }
    names.push(from, end);
    return names.length > MOST_PARAMETERS * 2;
  }

  /** Passes over a byte order mark. @returns false for a message behind a cookie */
  private isPlainMessage(): boolean {
    const { bytes } = this;
    if (bytes[this.at] === BYTE_ORDER_MARK && bytes[this.at + 1] === 0xbb && bytes[this.at + 2] === 0xbf)
      this.at = Math.min(this.at + MARK_BYTES, this.end);
    return bytes[this.at] !== AT;
  }
}

const DATE_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9];

/** UTF-8 without NUL. Nearly every message is ASCII, which takes no call to see. */
function isText(bytes: Buffer, end: number): boolean {
  let at = 0;
  while (at < end && (bytes[at] as number) < 0x80 && bytes[at] !== 0) at++;
  if (at === end) return true;
  const text = bytes.subarray(0, end);
  return isUtf8(text) && !text.includes(0);
}

function hasAt(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] === AT) return true;
  return false;
}

const isEnd = (byte: number) => byte === 0x00 || byte === 0x0a || byte === 0x0d;
/** ASCII that can be seen. */
const isWord = (byte: number) => byte > SPACE && byte < 0x7f;
const isName = (byte: number) => byte !== EQUALS && byte !== CLOSE_BRACKET && byte !== QUOTE;
const isPlainValue = (byte: number) =>
  byte >= SPACE && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH && byte !== CLOSE_BRACKET;
