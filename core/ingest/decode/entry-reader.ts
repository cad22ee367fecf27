import { findName, type KnownName, MEMBERS, type Member } from "@/core/ingest/recognise/find-name";
import { HOSTNAME } from "@/core/ingest/recognise/names";
import { JsonScanner } from "./json-scanner";

/** Where a value stands in the source, after its name; `from` is -1 for a member that is absent or null. */
export type Slice = { nameFrom: number; from: number; end: number; escaped: boolean; known: KnownName | null };

const absent = (): Slice => ({ nameFrom: -1, from: -1, end: -1, escaped: false, known: null });

const NULL_LENGTH = 4;
const SERVICE = MEMBERS.indexOf("service");
const OPEN_OBJECT = 0x7b;
const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * Reads one entry into the places of its members: those of the wire format (design section 6), or what other loggers
 * call them (recognise/names.ts). One instance serves a whole request: it is filled anew for each entry, so nothing is
 * allocated.
 */
export class EntryReader {
  readonly scanner = new JsonScanner();
  source: Buffer = Buffer.alloc(0);
  /** Where the entry begins. */
  from = 0;
  readonly members: Record<Member, Slice> = {
    timestamp: absent(),
    level: absent(),
    message: absent(),
    service: absent(),
    tags: absent(),
    attributes: absent(),
    context: absent(),
    metadata: absent(),
  };
  /** The same slices in the order of MEMBERS: found by number, because this runs for each member of each entry. */
  private readonly slices = MEMBERS.map((name) => this.members[name]);
  private hostnameSeen = false;
  /** Members that the format doesn't name: `"name": value` as it stands, pairs of from and end. */
  readonly others: number[] = [];

  /**
   * @returns null when it could be read, else the reason why not
   */
  read(source: Buffer, from: number, end: number): string | null {
    const { scanner, others } = this;
    this.source = source;
    this.from = from;
    scanner.reset(source, end);
    others.length = 0;
    this.hostnameSeen = false;
    for (const slice of this.slices) slice.from = -1;

    let at = scanner.skipSpace(from);
    if (source[at] !== 0x7b || at >= end)
      return this.isJson(at) ? "an entry must be a JSON object" : this.notJson(from);
    at = scanner.skipSpace(at + 1);
    if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from) ?? "an entry must not be empty";
    for (;;) {
      const valueAt = scanner.scanMemberKey(at);
      if (valueAt < 0) return this.notJson(from);
      const known = this.nameAt(at);
      const valueEnd = scanner.scanValue(valueAt, 1);
      if (valueEnd < 0) return this.notJson(from);
      if (known) this.place(known, at, valueAt, valueEnd);
      else others.push(at, valueEnd);
      at = scanner.skipSpace(valueEnd);
      if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from);
      if (source[at] !== 0x2c || at >= end)
        return this.notJson(from, at >= end ? "an object is not closed" : 'a "," or "}" is missing', at);
      at = scanner.skipSpace(at + 1);
    }
  }

  /** The first name of an order wins; what it beats, and what can't be that member, are members like any other. */
  private place(known: KnownName, nameFrom: number, from: number, end: number): void {
    const slice = this.slices[known.member];
    if (known.name === HOSTNAME) this.hostnameSeen = true;
    if (!slice || !canBe(known, this.source[from])) {
      this.others.push(nameFrom, end);
      return;
    }
    if (end - from === NULL_LENGTH && this.source[from] === 0x6e) return;
    if (slice.from >= 0 && slice.known) {
      if (slice.known.rank < known.rank) {
        this.others.push(nameFrom, end);
        return;
      }
      this.others.push(slice.nameFrom, slice.end);
    }
    slice.nameFrom = nameFrom;
    slice.from = from;
    slice.end = end;
    slice.escaped = this.source[from] === QUOTE && this.scanner.escaped;
    slice.known = known;
  }

  /** bunyan names the service `name`, others their logger: only bunyan always sends the host beside it. */
  private dropLoggerName(): void {
    const { service } = this.members;
    if (service.from < 0 || this.hostnameSeen || service.known?.name !== "name") return;
    this.others.push(service.nameFrom, service.end);
    service.from = -1;
  }

  /** The value of a member that is in `others`, by its name as it is written; null when there is none. */
  other(name: string): Slice | null {
    for (let at = 0; at < this.others.length; at += 2) {
      const found = this.valueOf(this.others[at] ?? 0, this.others[at + 1] ?? 0, name);
      if (found) return found;
    }
    return null;
  }

  /** The value of a member of the object that is the value from `from` to `end`; null when it holds none or is none. */
  memberOf(from: number, end: number, name: string): Slice | null {
    if (this.source[from] !== OPEN_OBJECT) return null;
    const scanner = new JsonScanner();
    scanner.reset(this.source, end);
    for (let at = scanner.skipSpace(from + 1); this.source[at] === QUOTE; at = scanner.skipSpace(at + 1)) {
      const valueEnd = scanner.scanValue(scanner.scanMemberKey(at), 1);
      const found = this.valueOf(at, valueEnd, name);
      if (found) return found;
      at = scanner.skipSpace(valueEnd);
      if (this.source[at] !== COMMA) return null;
    }
    return null;
  }

  /** The value of the member `"name": value` that stands from `from` to `end`, when that is its name. */
  private valueOf(from: number, end: number, name: string): Slice | null {
    const nameEnd = from + 1 + Buffer.byteLength(name);
    if (this.source[nameEnd] !== QUOTE || this.source.toString("utf8", from + 1, nameEnd) !== name) return null;
    const scanner = new JsonScanner();
    scanner.reset(this.source, end);
    const valueFrom = scanner.scanMemberKey(from);
    scanner.scanValue(valueFrom, 1);
    return { nameFrom: from, from: valueFrom, end, escaped: scanner.escaped, known: null };
  }

  private isJson(at: number): boolean {
    const end = this.scanner.scanValue(at, 0);
    return end >= 0 && this.scanner.skipSpace(end) === this.scanner.end;
  }

  private atEnd(at: number, from: number): string | null {
    this.dropLoggerName();
    const rest = this.scanner.skipSpace(at);
    return rest === this.scanner.end ? null : this.notJson(from, "text after the entry", rest);
  }

  private notJson(from: number, reason = this.scanner.reason, at = this.scanner.reasonAt): string {
    return `not JSON: ${reason} at byte ${Math.min(at, this.scanner.end) - from + 1}`;
  }

  /** What is known of the name whose opening quote stands at `at`. */
  private nameAt(at: number): KnownName | undefined {
    const { source, scanner } = this;
    if (scanner.escaped) {
      const own = new JsonScanner();
      own.reset(source, scanner.end);
      const name: unknown = JSON.parse(source.toString("utf8", at, own.scanString(at)));
      const bytes = Buffer.from(String(name));
      return findName(bytes, 0, bytes.length);
    }
    return findName(source, at + 1, scanner.nameEnd);
  }

  /** The text of a string value. The slice must be a string. */
  text(slice: Slice): string {
    if (!slice.escaped) return this.source.toString("utf8", slice.from + 1, slice.end - 1);
    const value: unknown = JSON.parse(this.source.toString("utf8", slice.from, slice.end));
    return String(value);
  }

  isString(slice: Slice): boolean {
    return this.source[slice.from] === 0x22;
  }

  isObject(slice: Slice): boolean {
    return this.source[slice.from] === 0x7b;
  }

  /** The value of a slice, for the few that are worth building. */
  value(slice: Slice): unknown {
    return JSON.parse(this.source.toString("utf8", slice.from, slice.end));
  }
}

/** Names that are also used for other things count only with a value of the right kind. */
function canBe({ name, member, rank }: KnownName, first: number | undefined): boolean {
  if (rank === 0 && member !== SERVICE) return true;
  const isText = first === QUOTE;
  if (isText || first === 0x6e) return true;
  const isNumber = first !== undefined && (first === 0x2d || (first >= 0x30 && first <= 0x39));
  if (MEMBERS[member] === "timestamp") return isNumber || (first === OPEN_OBJECT && name === "instant");
  if (MEMBERS[member] === "level") return isNumber;
  if (MEMBERS[member] === "service") return rank === 0 && isNumber;
  return false;
}
